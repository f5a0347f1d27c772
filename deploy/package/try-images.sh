#!/usr/bin/env bash
# Makes the images of deploy/Dockerfile, starts deploy/compose.yaml with them and measures a sweep, all inside a Debian of
# its own with Podman and docker-compose. No registry is asked: a minimal Debian of a mirror takes the place of
# debian:bookworm-slim. The services share a network of loopback alone, where their names are 127.0.0.1. Needs root,
# mmdebstrap and a Debian mirror; changes nothing outside a temporary directory.
#
# usage: npm run package:try-images [-- DIR]     with the packages in DIR, or with new ones where none is named
#
# Exit codes: 0 all held; 1 something did not, and is said; 77 it cannot be tried here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

me=try-images
. deploy/package/try-outside.sh

find_packages "$@"

root=$work/root
say "making a Debian with Podman"
make_debian minbase podman,crun,catatonit,ca-certificates,docker-compose bookworm "$root"
say "making the Debian that the images begin with"
make_debian minbase base-files bookworm "$root/base.tar"

mkdir -p "$root/try/packages" "$root/try/deploy"
cp "$debs"/*.deb "$root/try/packages/"
cp deploy/Dockerfile deploy/compose.yaml "$root/try/deploy/"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cat >"$root/etc/containers/containers.conf" <<'CONF'
[containers]
cgroups = "disabled"
netns = "host"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "crun"
CONF
cat >"$root/try/alone.yaml" <<'COMPOSE'
services:
  setup: { network_mode: host }
  nats: { network_mode: host }
  coordinator: { network_mode: host, extra_hosts: ["nats:127.0.0.1"] }
  agent: { network_mode: host, extra_hosts: ["nats:127.0.0.1", "coordinator:127.0.0.1"] }
COMPOSE

cat >"$root/try/build.sh" <<'INSIDE'
podman import /base.tar docker.io/library/debian:bookworm-slim
cd /try
for name in agent coordinator; do
  podman build --isolation chroot --pull=never --network host --target "$name" --file deploy/Dockerfile \
    --tag "docker.io/library/fleetsweep-$name" .
done
INSIDE
cat >"$root/try/run.sh" <<'INSIDE'
podman system service --time=0 unix:///run/podman.sock &
until [ -S /run/podman.sock ]; do sleep 0.2; done
export DOCKER_HOST=unix:///run/podman.sock
compose() { docker-compose -p fleetsweep -f /try/deploy/compose.yaml -f /try/alone.yaml "$@"; }
# Not exec, which crun does not bring into a container without cgroups.
fleetsweep() {
  podman run --rm --network host --volume fleetsweep_coordinator:/var/lib/fleetsweep/coordinator \
    docker.io/library/fleetsweep-coordinator "$@"
}
operator="--coordinator 127.0.0.1:7421 --state /var/lib/fleetsweep/coordinator"
compose config --quiet
compose up -d --no-build
for _ in $(seq 60); do
  ! fleetsweep hosts $operator 2>&1 | grep agent-1 || break
  sleep 1
done
compose logs --tail=20
fleetsweep run smoke $operator
# A second start finds the authority, the host and its sweep again.
compose stop
compose up -d --no-build
for _ in $(seq 60); do
  ! fleetsweep sweeps $operator 2>&1 | grep smoke || break
  sleep 1
done
fleetsweep run smoke $operator
compose down --volumes
INSIDE

# Runs a script inside with processes and mounts of its own; what it leaves ends with it.
enter() { # script, more flags of unshare
  env -i PATH="$PATH" unshare --mount --pid --uts --ipc --fork --kill-child "${@:2}" bash -euc '
    root=$1
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    for name in sys dev; do
      mount --rbind "/$name" "$root/$name"
      mount --make-rslave "$root/$name"
    done
    # A host of both hierarchies of cgroups: crun wants one of them.
    ! mountpoint -q "$root/sys/fs/cgroup/unified" || umount "$root/sys/fs/cgroup/unified"
    mount -t tmpfs tmpfs "$root/run"
    ip link set lo up
    exec chroot "$root" env -i HOME=/root STORAGE_DRIVER=vfs \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash -euo pipefail "/try/$2"
  ' enter "$root" "$1" >"$work/$1.log" 2>&1 || {
    tail -40 "$work/$1.log" >&2
    say "FAILED: $1; what it said last is above"
    exit 1
  }
}

say "building the images"
enter build.sh
say "starting them, and measuring twice"
enter run.sh --net
grep -E "cells|measured|agent-1" "$work/run.sh.log" | tail -12 >&2
say "all held"
