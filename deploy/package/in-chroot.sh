#!/usr/bin/env bash
# Runs a command in a chroot with processes, mounts, network (loopback alone) and host name of its own: what it leaves
# ends with it.
#
# usage: in-chroot.sh ROOT COMMAND …
set -euo pipefail

# shellcheck disable=SC2016
exec env -i PATH="$PATH" unshare --mount --pid --net --uts --ipc --fork --kill-child bash -euc '
  root=$1
  shift
  hostname try-host
  ip link set lo up
  mkdir -p "$root/proc" "$root/sys" "$root/run" "$root/dev"
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount --make-rslave "$root/sys"
  mount -t tmpfs tmpfs "$root/run"
  for device in null zero full random urandom tty; do
    [ -e "$root/dev/$device" ] || touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  exec chroot "$root" "$@"
' in-chroot "$@"
