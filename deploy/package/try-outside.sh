# Shared by what tries the packages in clean userlands made for that: what it needs, a place to work, and the packages.
# Sourced by a script that names itself in `me`, from the project's root.

say() { printf '%s: %s\n' "$me" "$*" >&2; }
skip() { say "skipped: $*" && exit 77; }

[ "$(id -u)" = 0 ] || skip "needs root, to make a chroot and namespaces"
for program in mmdebstrap unshare dpkg-deb ip; do
  command -v "$program" >/dev/null || skip "needs $program: apt-get install mmdebstrap iproute2"
done

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT

# Builds packages into a directory, quickly.
build() { # directory, what …
  say "building ${*:2}"
  npm run package --silent -- --compression quick --out "$@"
}

# Sets `debs`: the directory of packages that the user named, or a new one with new packages.
find_packages() { # [directory]
  debs=${1-$work/debs}
  [ $# != 0 ] || build "$debs" fleetsweep-agent fleetsweep-coordinator
}

# A clean Debian, or the end where it cannot be had.
make_debian() { # variant, packages, release, directory
  mmdebstrap --quiet --variant="$1" --include="$2" "$3" "$4" >"$work/mmdebstrap.log" 2>&1 || {
    tail -5 "$work/mmdebstrap.log" >&2
    skip "no $3 could be made; what mmdebstrap said is above"
  }
}
