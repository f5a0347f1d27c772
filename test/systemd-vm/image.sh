#!/usr/bin/env bash
# Makes the two disks of the virtual machine: image.sh BASE PRODUCT STATE NODE.
#
# BASE: a directory for kernel, initrd and root.img, Debian with systemd, nats-server and numactl; kept from run to run.
# PRODUCT: the image file of the built program with NODE, what it needs at run time, its units, and STATE, a directory.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
base=$1 product_image=$2 state=$3 node=$4

suite=bookworm
packages=systemd,systemd-sysv,udev,linux-image-cloud-amd64,initramfs-tools,nats-server,numactl,procps,iproute2,libstdc++6

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Made beside its place and moved there when it is whole.
make_base() {
  rm -rf "$base.new"
  mkdir -p "$base.new"
  mmdebstrap --quiet --variant=minbase --include="$packages" "$suite" "$work/root.tar"
  mkdir "$work/tree"
  tar -xf "$work/root.tar" -C "$work/tree" --exclude='./dev/*'
  cp "$work"/tree/boot/vmlinuz-* "$base.new/kernel"
  cp "$work"/tree/boot/initrd.img-* "$base.new/initrd"
  prepare_root "$work/tree"
  truncate -s 2G "$base.new/root.img"
  mke2fs -q -t ext4 -d "$work/tree" "$base.new/root.img"
  rm -rf "$base"
  mv "$base.new" "$base"
}

# The guest does what comes in on its second serial port: see serve.sh.
prepare_root() {
  mkdir -p "$1/opt/fleetsweep"
  cat >"$1/etc/systemd/system/fleetsweep-vm.service" <<'UNIT'
[Unit]
Description=Commands of the host
RequiresMountsFor=/opt/fleetsweep

[Service]
ExecStart=/bin/bash /opt/fleetsweep/serve.sh

[Install]
WantedBy=multi-user.target
UNIT
  chroot "$1" systemctl --quiet enable fleetsweep-vm.service
  chroot "$1" systemctl --quiet disable nats-server.service
  chroot "$1" systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer systemd-timesyncd.service
  printf '/dev/vdb /opt/fleetsweep ext4 ro 0 0\n' >>"$1/etc/fstab"
  printf 'vm-host\n' >"$1/etc/hostname"
}

make_product() {
  local product=$work/product module
  mkdir -p "$product/bin"
  cp "$node" "$product/bin/node"
  cp -r dist proto package.json presets schema deploy/systemd "$product/"
  cp test/systemd-vm/serve.sh "$product/"
  cp -r "$state" "$product/state"
  npm ls --omit=dev --parseable --all 2>/dev/null | sed -n "s|^$PWD/||p" | while read -r module; do
    mkdir -p "$product/$(dirname "$module")"
    cp -r "$module" "$product/$(dirname "$module")/"
  done
  # Only what this processor needs of a library that the run does without.
  find "$product/node_modules/onnxruntime-node/bin" -mindepth 2 -maxdepth 2 ! -name linux -exec rm -rf {} +
  mke2fs -q -t ext4 -d "$product" "$product_image" "$(($(du -sm "$product" | cut -f1) + 150))M"
}

[ -f "$base/root.img" ] || make_base
make_product
