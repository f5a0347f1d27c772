"""Warm-up and timed calls, as agent/runners/kit does them."""

import contextlib
import gc
import time

from .steady import is_steady, steady_limits

# How often the loops look whether the agent is still there; between two calls, never inside one.
ALIVE_EVERY_NS = 250_000_000

# Warm-up calls whose times are told, as the contract has it.
WARM_UP_TOLD = 256


def warm_up(call, max_ms, check_alive):
    """
    Calls until two successive windows are alike or `max_ms` have passed, at least twice. Returns what
    the message `warm` says: calls, the first one's ns, the last window's median, whether they are steady, and the last ones' ns.
    """
    clock = time.perf_counter_ns
    started = checked = clock()
    first_call_ns = 0

    def ended(steady):
        window = sorted(durations[-limits[0] :])
        return {
            "calls": len(durations) + 1,
            "first_call_ns": first_call_ns,
            "call_ns": window[len(window) // 2],
            "steady": steady,
            "durations_ns": [first_call_ns, *durations][-WARM_UP_TOLD:],
        }

    def timed():
        before = clock()
        call()
        return clock() - before

    first_call_ns = timed()
    durations = [timed()]
    limits = steady_limits(durations[0])
    # A test a call would cost more than the shortest calls themselves.
    stride = max(1, limits[0] // 4)
    while True:
        if len(durations) % stride == 0 and is_steady(durations, limits):
            return ended(True)
        now = clock()
        if now - started >= max_ms * 1e6:
            return ended(False)
        if now - checked > ALIVE_EVERY_NS:
            check_alive()
            checked = now
        durations.append(timed())


@contextlib.contextmanager
def quiet_collector():
    """
    Without Python's collector of cycles, which would be measured as a part of the call that it falls into.
    It runs once before: right before the timed calls it would empty the caches for the first of them.
    """
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def time_calls(call, timed, hooks):
    """
    Times calls one after another until the rule `timed` is met. With `hooks.run_on` it goes on until
    the agent asks to finish, so that the other instances are measured beside a busy neighbour.
    Returns the start and the end in ns of CLOCK_MONOTONIC, and the durations in ns.
    """
    clock = time.perf_counter_ns
    most_calls, max_ns = timed["max_calls"], timed["max_ms"] * 1e6
    least_calls, min_ns = timed["min_calls"], timed["min_ms"] * 1e6
    durations = []
    enough = False
    started = checked = clock()
    while True:
        before = clock()
        call()
        ended = clock()
        durations.append(ended - before)
        elapsed = ended - started
        if not enough and len(durations) >= least_calls and elapsed >= min_ns:
            enough = True
            hooks.on_enough()
            if not hooks.run_on:
                break
        if len(durations) >= most_calls or elapsed >= max_ns:
            break
        if enough:
            if hooks.is_finishing():
                break
        elif ended - checked > ALIVE_EVERY_NS:
            hooks.check_alive()
            checked = ended
    return started, ended, durations
