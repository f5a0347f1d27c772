#!/bin/sh
# fleetsweep-agent @VERSION@ in one file, for Linux on x86-64 with glibc 2.28 or newer. What follows this script is
# a tar archive. It is unpacked once, for this user, and runs from there:
#
#   sh FILE VERB …            unpacks where that was not done yet, and runs the agent's program
#   sh FILE --install [DIR]   unpacks into DIR/@VERSION@ (DIR: /opt/fleetsweep-agent) with DIR/current as a link to it
#   sh FILE --verify          says whether the file is whole
#
# FLEETSWEEP_BUNDLE_DIR names the directory to unpack below, else ~/.cache/fleetsweep.
# Exit codes of its own: 2 the input is wrong; 3 it cannot run on this system.
set -eu

version='@VERSION@'
digest='@DIGEST@'
head_lines='@LINES@'
file=$0

fail() { # exit code, message
  printf 'fleetsweep-agent: %s\n' "$2" >&2
  exit "$1"
}

payload() { tail -n "+$((head_lines + 1))" "$file"; }

verify() {
  found=$(payload | sha256sum)
  [ "${found%% *}" = "$digest" ] || fail 2 "$file is damaged: its archive has the digest ${found%% *}, not $digest"
}

# Into a name of its own first: who finds the directory finds all of it.
unpack() { # target
  verify
  parent=$(dirname "$1")
  mkdir -p "$parent" || fail 2 "$parent cannot be made"
  scratch=$(mktemp -d "$parent/.unpacking.XXXXXX") || fail 2 "$parent cannot be written"
  trap 'rm -rf "$scratch"' EXIT
  payload | tar -xzf - -C "$scratch" || fail 2 "$file could not be unpacked into $parent"
  "$scratch/bin/node" --version >/dev/null 2>&1 ||
    fail 3 "the carried Node does not run here: it needs Linux on x86-64, glibc 2.28 or newer and libstdc++.so.6 (musl, as Alpine has it, will not do)"
  chmod 755 "$scratch"
  # Another one may have been quicker; then its directory is as good.
  mv -T "$scratch" "$1" 2>/dev/null || [ -e "$1/bin/node" ] || fail 2 "$1 could not be made"
  rm -rf "$scratch"
  trap - EXIT
}

install_below() { # directory
  case $1 in /*) ;; *) fail 2 "--install needs an absolute directory, not $1" ;; esac
  target=$1/$version
  [ -e "$target/bin/node" ] || unpack "$target"
  ln -sfn "$version" "$1/current"
  sed "s|/usr/bin/fleetsweep-agent|$1/current/bin/fleetsweep-agent|" "$target/fleetsweep-agent.service" >"$1/fleetsweep-agent.service"
  printf '%s\n' "$1/current/bin/fleetsweep-agent"
  printf 'A unit for systemd is %s; it needs a user fleetsweep-agent.\n' "$1/fleetsweep-agent.service" >&2
}

case ${1-} in
--verify) verify && echo "whole" && exit 0 ;;
--install) install_below "${2-/opt/fleetsweep-agent}" && exit 0 ;;
esac

umask 077
base=${FLEETSWEEP_BUNDLE_DIR-${XDG_CACHE_HOME-${HOME:?names no directory to unpack below}/.cache}/fleetsweep}
target=$base/agent-$version-$(printf %.12s "$digest")
[ -e "$target/bin/node" ] || unpack "$target"
# Somebody else could have put their own program there.
[ -O "$target" ] || fail 2 "$target belongs to another user"
exec "$target/bin/fleetsweep-agent" "$@"
