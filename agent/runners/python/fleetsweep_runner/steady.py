"""The two-window test of the warm-up: shared/stats/steady.ts in Python, and compared with it by a test."""

MILLISECOND = 1_000_000
WINDOW_NS = 100 * MILLISECOND
FEWEST_CALLS, MOST_CALLS = 20, 200
LONG_CALL_NS = 1_000 * MILLISECOND


def steady_limits(call_ns):
    """(calls of each window, factor of every tolerance) for calls of about this duration."""
    if call_ns > LONG_CALL_NS:
        return 5, 2
    calls = -(-WINDOW_NS // max(call_ns, 1))
    return min(MOST_CALLS, max(FEWEST_CALLS, calls)), 1


def is_steady(durations, limits):
    """Are the last two windows of these durations alike?"""
    calls, factor = limits
    if len(durations) < 2 * calls:
        return False
    first = durations[-2 * calls : -calls]
    earlier, later = _describe(first), _describe(durations[-calls:])

    def within(name, tolerance):
        return abs(earlier[name] - later[name]) <= tolerance * factor * later[name]

    change = (earlier["mean"] - later["mean"]) / later["mean"] if later["mean"] else 0
    return (
        first[0] <= earlier["q3"] + 1.5 * (earlier["q3"] - earlier["q1"])
        and -0.5 <= change <= 0.1 * factor
        and within("q1", 0.05)
        and within("q3", 0.05)
        and (within("mad", 0.1) or abs(earlier["mad"] - later["mad"]) <= 0.01 * later["median"])
    )


def _describe(window):
    ordered = sorted(window)
    center = _quantile(ordered, 0.5)
    return {
        "mean": sum(ordered) / len(ordered),
        "median": center,
        "q1": _quantile(ordered, 0.25),
        "q3": _quantile(ordered, 0.75),
        "mad": _quantile(sorted(abs(value - center) for value in ordered), 0.5),
    }


def _quantile(ordered, share):
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])
