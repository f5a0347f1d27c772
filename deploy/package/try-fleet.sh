# Shared by what runs in a clean Debian as the only process of its namespace: steps, users, and the fleet of one host
# as its units would start it. Sourced.
set -euo pipefail
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/try LC_ALL=C.UTF-8
unset "${!FLEETSWEEP_@}"

state=/var/lib/fleetsweep
settings=/etc/fleetsweep

step() { printf 'try:   %s\n' "$*" >&2; }
fail() {
  printf 'try: FAILED: %s\n' "$*" >&2
  for log in /try/*.log /try/*.out; do [ ! -s "$log" ] || { echo "--- $log" && tail -15 "$log"; } >&2; done
  exit 1
}
holds() { # what must be, command …
  local what=$1
  shift
  "$@" >/try/last.log 2>&1 || fail "$what"
}
not() { ! "$@"; }
is() { # what it is, what was found, what it must be
  [ "$2" = "$3" ] || fail "$1 is \"$2\" and must be \"$3\""
}
become=(setpriv --init-groups --no-new-privs)
as_user() { "${become[@]}" --reuid fleetsweep --regid fleetsweep "$@"; }

pids=()
start() { # name, user, command …
  local name=$1 user=$2
  shift 2
  # Not a function: a signal for its shell would not reach the program.
  "${become[@]}" --reuid "$user" --regid "$user" "$@" >"/try/$name.log" 2>&1 </dev/null &
  pids+=($!)
}
wait_for() { # name, text
  local _
  for _ in {1..300}; do
    grep -q "$2" "/try/$1.log" 2>/dev/null && return
    sleep 0.1
  done
  fail "$1 did not say \"$2\" within 30 s"
}
stop_all() {
  local pid
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" || true; done
  pids=()
}

# As systemd reads it: quoted or not.
setting() { sed -n "s/^$1=//p" "$settings/$2" | tail -1 | tr -d '"'; }

# What the units start, by their own flags.
start_fleet() {
  start nats fleetsweep nats-server --config "$settings/nats.conf"
  wait_for nats "Server is ready"
  # shellcheck disable=SC2046
  start coordinator fleetsweep fleetsweep coordinator --state "$state/coordinator" $(setting FLEETSWEEP_COORDINATOR_FLAGS coordinator.env)
  wait_for coordinator '"listening"'
  FLEETSWEEP_RUNTIMES=$(setting FLEETSWEEP_RUNTIMES agent.env)
  export FLEETSWEEP_RUNTIMES
  # shellcheck disable=SC2046
  start agent fleetsweep-agent fleetsweep-agent agent --state "$state/agent" $(setting FLEETSWEEP_AGENT_FLAGS agent.env)
  wait_for agent "the link is up"
}
