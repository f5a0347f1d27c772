#!/bin/bash
# The part of try.sh that runs inside the clean Debian, as the only process of its namespace.
# shellcheck source=deploy/package/try-fleet.sh
. /try/try-fleet.sh

# Times and what dpkg keeps for itself are no files of ours; a user stays, as Debian's policy has it.
list_files() {
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /root -o -path /try -o -path /tmp \
    -o -path /var/lib/dpkg -o -path /var/log -o -path /var/cache \) -prune -o \
    ! -regex '/etc/\(passwd\|group\|shadow\|gshadow\)-?' ! -name .pwd.lock -print | sort
}

list_files >/try/before

step "install"
holds "dpkg installs both packages" dpkg -i /try/fleetsweep-agent.deb /try/fleetsweep-coordinator.deb
first=$(fleetsweep --version)
is "the version of the agent" "$(fleetsweep-agent --version)" "$first"
holds "the users are there" id fleetsweep fleetsweep-agent
for unit in fleetsweep-agent fleetsweep-coordinator; do
  holds "$unit is enabled" test -L "/etc/systemd/system/multi-user.target.wants/$unit.service"
done
holds "fleetsweep-nats is not enabled" test ! -e /etc/systemd/system/multi-user.target.wants/fleetsweep-nats.service
holds "nothing of the packages was changed by installing them" dpkg --verify fleetsweep-agent fleetsweep-coordinator
holds "no program of the packages misses a library" not bash -c \
  'find /usr/lib/fleetsweep-* -name "*.node" -o -path "*/bin/node" | xargs ldd | grep "not found"'
holds "no other Node is asked" not command -v node

step "enrol"
operator=(--coordinator 127.0.0.1:7421 --state "$state/coordinator")
holds "an authority is made" as_user fleetsweep ca init --state "$state/coordinator"
holds "the bus is configured" as_user fleetsweep nats-config --state "$state/coordinator" --out "$state/nats"
holds "a token is made" as_user fleetsweep token create --state "$state/coordinator" --host try-host --out "$state/coordinator/join.token"
holds "the agent's user reads nothing of the coordinator's" not setpriv --reuid fleetsweep-agent --regid fleetsweep-agent \
  --init-groups ls "$state/coordinator"
holds "nor the coordinator's of the agent's" not as_user ls "$state/agent"
install -o fleetsweep-agent -g fleetsweep-agent -m 600 "$state/coordinator/join.token" "$state/agent/join.token"
echo "include ../../var/lib/fleetsweep/nats/nats-server.conf" >"$settings/nats.conf"
echo "FLEETSWEEP_COORDINATOR_FLAGS=\"--listen 127.0.0.1:7421 --nats tls://127.0.0.1:4222 --bus-config $state/nats\"" >>"$settings/coordinator.env"
echo "FLEETSWEEP_AGENT_FLAGS=\"--coordinator 127.0.0.1:7421 --nats tls://127.0.0.1:4222 --config $settings/agent.yaml --join $state/agent/join.token\"" >>"$settings/agent.env"
start_fleet

step "sweep"
as_user fleetsweep run smoke "${operator[@]}" >/try/sweep.out 2>/try/sweep.log || fail "the sweep smoke ends well"
id=$(grep -Eom1 '01[0-9A-Z]{24}' /try/sweep.log)
as_user fleetsweep report "$id" "${operator[@]}" >/try/report.out 2>/try/report.log || fail "the sweep has a report"
holds "the report has figures" grep -Eq 'fp32.* [0-9]+\.[0-9]' /try/report.out
as_user fleetsweep sweeps "${operator[@]}" >/try/sweeps.before

step "upgrade"
stop_all
cp "$settings/agent.env" /try/agent.env.edited
holds "dpkg upgrades both" dpkg --force-confold -i /try/later-fleetsweep-agent.deb /try/later-fleetsweep-coordinator.deb
is "the release after the upgrade" "$(fleetsweep --version) $(fleetsweep-agent --version)" "$first+1 $first+1"
holds "edited settings are kept" cmp "$settings/agent.env" /try/agent.env.edited
holds "the release's own stand beside them" grep -q "next release" "$settings/agent.env.dpkg-dist"
holds "settings that nobody edited are new" grep -q "next release" "$settings/agent.yaml"
start_fleet
as_user fleetsweep sweeps "${operator[@]}" >/try/sweeps.after
holds "the earlier sweep is there" cmp /try/sweeps.before /try/sweeps.after
holds "the host measures again without a new token" as_user fleetsweep run smoke "${operator[@]}"
stop_all

step "remove"
holds "dpkg removes both" dpkg -r fleetsweep-agent fleetsweep-coordinator
holds "the programs are gone" test ! -e /usr/bin/fleetsweep -a ! -e /usr/lib/fleetsweep-agent
holds "settings are kept" test -e "$settings/agent.env"
holds "state is kept" test -e "$state/agent/identity" -a -e "$state/coordinator/ca"

step "purge"
holds "dpkg purges both" dpkg -P fleetsweep-agent fleetsweep-coordinator
list_files >/try/after
holds "no file is left" diff /try/before /try/after
others=$(for status in /proc/[0-9]*/stat; do cut -d' ' -f1 "$status" 2>/dev/null; done | grep -vx "$$" || true)
for pid in $others; do
  [ ! -e "/proc/$pid/cmdline" ] || fail "process $pid is left: $(tr '\0' ' ' <"/proc/$pid/cmdline")"
done
