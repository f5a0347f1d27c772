#!/usr/bin/env bash
# Runs the playbook of deploy/ansible for real, against a clean Debian of its own that is coordinator and host at once,
# starts what it set up, measures a sweep over TLS, and runs the playbook again: then nothing may change. Needs root,
# mmdebstrap and a Debian mirror; changes nothing outside a temporary directory.
#
# usage: npm run package:try-ansible [-- DIR]     with the packages in DIR, or with new ones where none is named
#
# Exit codes: 0 all held; 1 something did not, and is said; 77 it cannot be tried here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

me=try-ansible
. deploy/package/try-outside.sh

find_packages "$@"

# The first release whose Ansible is as new as the roles ask for.
suite=${FLEETSWEEP_TRY_SUITE-trixie}
root=$work/root
say "making a minimal $suite with Ansible"
needed=libstdc++6,libgcc-s1,numactl,nats-server,systemd-standalone-sysusers,ansible-core,python3-apt
make_debian minbase "$needed" "$suite" "$root"

mkdir -p "$root/try/packages" "$root/try/deploy"
cp "$debs"/*.deb "$root/try/packages/"
cp -r deploy/ansible "$root/try/deploy/ansible"
cp deploy/package/try-fleet.sh "$root/try/"
cat >"$root/try/inventory.yaml" <<'INVENTORY'
all:
  vars:
    ansible_connection: local
    ansible_become: false
    ansible_python_interpreter: /usr/bin/python3
    fleetsweep_coordinator_address: 127.0.0.1
    # No systemd runs here.
    fleetsweep_agent_start: false
    fleetsweep_coordinator_start: false
  children:
    coordinator: { hosts: { control-1: {} } }
    agents: { hosts: { numa-1: { fleetsweep_agent_labels: { rack: r7 } } } }
INVENTORY
cat >"$root/try/inside.sh" <<'INSIDE'
. /try/try-fleet.sh
play() { ansible-playbook -i /try/inventory.yaml /try/deploy/ansible/site.yaml >"/try/$1.log" 2>&1 || fail "the playbook ends well"; }
changed() { grep -E '^(control-1|numa-1) ' "/try/$1.log" | grep -o 'changed=[0-9]*' | tr '\n' ' '; }

step "run the playbook"
play first
step "start what it set up, and measure"
is "mode and owner of the token" "$(stat -c '%a %U' /etc/fleetsweep/join.token)" "600 fleetsweep-agent"
start_fleet
operator=(--coordinator 127.0.0.1:7421 --state "$state/coordinator")
as_user fleetsweep run smoke "${operator[@]}" >/try/sweep.out 2>/try/sweep.log || fail "the sweep smoke ends well"
as_user fleetsweep hosts "${operator[@]}" >/try/hosts.out 2>&1
holds "the host has the name and the label of the inventory" grep -E 'numa-1.*' /try/hosts.out
step "run the playbook again"
play second
is "what the second run changed" "$(changed second)" "changed=0 changed=0 "
stop_all
INSIDE

say "running it"
bash deploy/package/in-chroot.sh "$root" /bin/bash /try/inside.sh
say "all held"
