"""The timed calls of a cell as they arrive, as agent/runners/kit/time-arrivals.ts does them."""

import time

from .timing import time_calls

# A sleep ends within some 0.1 ms of its time (the kernel's timer slack is 0.05 ms); the rest is spun.
SLEEP_EARLY_NS = 200_000
# How often a schedule looks whether the agent is still there.
CALLS_BETWEEN_CHECKS = 16


def time_arrivals(call, message, go, hooks):
    """
    Times the calls by the pattern that `prepare` names. Returns (started, ended, durations, service): all
    in ns, service None where no call can wait. Each duration counts from the intended start.
    """
    timed, arrival = message["timed"], message.get("arrival", {"pattern": "closed"})
    pattern = arrival["pattern"]
    if pattern == "closed":
        return *time_calls(call, timed, hooks), None
    if pattern == "offline":
        calls = go.get("calls", timed["min_calls"])
        exactly = {**timed, "min_calls": calls, "max_calls": calls, "min_ms": 0}
        silent = hooks._replace(run_on=False, on_enough=lambda: None)
        return *time_calls(call, exactly, silent), None
    if pattern == "multi-stream":
        streams = range(arrival["streams"])

        def together():
            for _ in streams:
                call()

        return *time_calls(together, timed, hooks), None
    if pattern == "server":
        return _time_schedule(call, arrival["offsets_ns"], (timed["max_ms"] * 1e6, hooks))
    raise ValueError(f"no arrival pattern is called {pattern}")


def _time_schedule(call, offsets_ns, rules):
    """Each call at its intended start, or as soon after it as the calls before it are over."""
    max_ns, hooks = rules
    clock = time.perf_counter_ns
    durations, service = [], []
    started = ended = clock()
    for offset in offsets_ns:
        if ended - started >= max_ns:
            break
        intended = started + offset
        sleep_until(intended)
        before = clock()
        call()
        ended = clock()
        durations.append(ended - intended)
        service.append(ended - before)
        if len(durations) % CALLS_BETWEEN_CHECKS == 0:
            hooks.check_alive()
    return started, ended, durations, service


def sleep_until(instant_ns):
    """Waits for a moment of CLOCK_MONOTONIC to within microseconds; at once where it has passed."""
    remaining = instant_ns - time.perf_counter_ns() - SLEEP_EARLY_NS
    if remaining > 0:
        time.sleep(remaining / 1e9)
    while time.perf_counter_ns() < instant_ns:
        pass
