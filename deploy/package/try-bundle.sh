#!/usr/bin/env bash
# Runs the bundle of the agent in other userlands: releases of Debian before and after the one that it is built on, each
# with the least that it needs, and one of busybox alone, where it must say that it cannot run. Needs root,
# mmdebstrap and a Debian mirror; a release that cannot be had is said and left out.
#
# usage: npm run package:try-bundle [-- FILE.run]    with the bundle, or with a new one where none is named
#
# Exit codes: 0 all that could be tried held; 1 something did not, and is said; 77 nothing can be tried here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

me=try-bundle
. deploy/package/try-outside.sh
fail() { say "FAILED: $*" && exit 1; }

bundle=${1-}
if [ -z "$bundle" ]; then
  build "$work/built" bundle
  bundle=$(echo "$work"/built/*.run)
fi

tried=0
for suite in ${FLEETSWEEP_TRY_SUITES-bullseye trixie}; do
  root=$work/$suite
  if ! mmdebstrap --quiet --variant=essential --include=libstdc++6,numactl "$suite" "$root" >"$work/log" 2>&1; then
    say "left out: no $suite could be made: $(tail -1 "$work/log")"
    continue
  fi
  cp "$bundle" "$root/agent.run"
  say "running in $suite"
  bash deploy/package/in-chroot.sh "$root" /bin/sh -euc '
    sh /agent.run --verify
    # A user of no name will do: those who make users may not be there.
    install -d -o 4321 -g 4321 /home/try
    export HOME=/home/try LC_ALL=C.UTF-8
    try() { setpriv --reuid 4321 --regid 4321 --clear-groups sh /agent.run "$@"; }
    try --version
    try topology --json >/topology.json
    grep -q "\"cores\":" /topology.json
    # A real launch of the carried ONNX Runtime, held against the runner contract.
    try runner check onnxruntime
    sh /agent.run --install >/installed
    [ "$(cat /installed)" = /opt/fleetsweep-agent/current/bin/fleetsweep-agent ]
    [ "$("$(cat /installed)" --version)" = "$(try --version)" ]
    grep -q "^ExecStart=/opt/fleetsweep-agent/current/bin/fleetsweep-agent agent" /opt/fleetsweep-agent/fleetsweep-agent.service
    # A byte that is not as it was is noticed before anything is unpacked.
    cp /agent.run /damaged.run && printf x | dd of=/damaged.run bs=1 seek=1000000 conv=notrunc 2>/dev/null
    if sh /damaged.run --install /opt/damaged; then exit 1; fi
    [ ! -e /opt/damaged/current ]
  ' || fail "$suite: what it said is above"
  tried=$((tried + 1))
done

if mmdebstrap --quiet --variant=extract --include=busybox-static bookworm "$work/deb" >"$work/log" 2>&1; then
  root=$work/busybox
  mkdir -p "$root/bin" "$root/tmp"
  cp "$work/deb/bin/busybox" "$root/bin/busybox"
  for applet in sh tail tar gzip gunzip sha256sum mktemp mv mkdir rm dirname; do
    ln -s busybox "$root/bin/$applet"
  done
  cp "$bundle" "$root/agent.run"
  say "running in a system without glibc"
  code=0
  bash deploy/package/in-chroot.sh "$root" /bin/sh -c 'HOME=/tmp PATH=/bin sh /agent.run topology' 2>"$work/said" || code=$?
  grep -q "needs Linux on x86-64, glibc" "$work/said" || fail "it does not say what it lacks: $(cat "$work/said")"
  [ "$code" = 3 ] || fail "it ended with $code"
  tried=$((tried + 1))
fi
[ "$tried" -gt 0 ] || skip "no userland could be made"
say "all held"
