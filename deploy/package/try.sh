#!/usr/bin/env bash
# Installs the Debian packages in a clean Debian of its own, with dpkg alone, and lives through them: a host is
# enrolled, a sweep is measured, a newer release is installed, and all is removed and purged. Then no file and no
# process may be left. Needs root, mmdebstrap and a Debian mirror; changes nothing outside a temporary directory.
#
# usage: npm run package:try [-- DIR]     with the packages in DIR, or with new ones where none is named
#
# Environment: FLEETSWEEP_TRY_SUITE (bookworm) names the release of Debian.
# Exit codes: 0 all held; 1 something did not, and is said; 77 it cannot be tried here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

me=try
. deploy/package/try-outside.sh

find_packages "$@"

suite=${FLEETSWEEP_TRY_SUITE-bookworm}
root=$work/root
say "making a minimal $suite"
# Beyond the essential packages only what ours depend on; apt itself is not there.
needed=libstdc++6,libgcc-s1,numactl,nats-server,systemd-standalone-sysusers
make_debian essential "$needed" "$suite" "$root"

# A release after this one, whose settings differ too.
later() { # name
  local tree=$work/later-$1 version
  dpkg-deb -R "$debs/$1"_*_amd64.deb "$tree"
  version=$(dpkg-deb -f "$debs/$1"_*_amd64.deb Version)
  sed -i "s/^Version: .*/Version: $version+1/" "$tree/DEBIAN/control"
  sed -i "s/\"version\": \"$version\"/\"version\": \"$version+1\"/" "$tree/usr/lib/$1/package.json"
  for file in "$tree"/etc/fleetsweep/*; do printf '\n# A line of the next release.\n' >>"$file"; done
  (cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  dpkg-deb --root-owner-group -Zgzip -z1 --build "$tree" "$root/try/later-$1.deb" >/dev/null
  rm -rf "$tree"
}
mkdir "$root/try"
say "making the release after this one"
for name in fleetsweep-agent fleetsweep-coordinator; do
  cp "$debs/$name"_*_amd64.deb "$root/try/$name.deb"
  later "$name"
done
cp deploy/package/try-{fleet,inside}.sh "$root/try/"

say "living through it"
bash deploy/package/in-chroot.sh "$root" /bin/bash /try/try-inside.sh
say "all held"
