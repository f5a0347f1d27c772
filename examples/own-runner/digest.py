#!/usr/bin/env python3
"""
A runner of one's own in a hundred lines: hashes batch × sequence × 1 KiB with SHA-256 and is timed by
fleetsweep like any framework. Python's own library alone; the contract is agent/runners/CONTRACT.md.
"""

import hashlib
import json
import os
import select
import sys
import time

BYTES_PER_TOKEN = 1_024


def send(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def receive():
    """The next message; ends the program where the agent has closed stdin."""
    line = sys.stdin.buffer.raw.readline()
    if not line:
        sys.exit(0)
    return json.loads(line)


def finish_was_asked():
    return bool(select.select([0], [], [], 0)[0])


def load(start):
    """Once a launch: loads the model. Here it is a choice among the parameters' values."""
    began = time.perf_counter_ns()
    algorithm = start["parameters"].get("algorithm", "sha256")
    if algorithm not in hashlib.algorithms_available:
        send({"type": "failed", "cell": None, "reason": "model-missing", "message": algorithm})
        sys.exit(1)
    send(
        {
            "type": "ready",
            "contract": 1,
            "versions": {"digest": "1", "python": sys.version.split()[0]},
            # hashlib computes in the calling thread, however many PUs there are.
            "threads": 1,
            "load_ns": time.perf_counter_ns() - began,
            "readback": {"algorithm": algorithm},
        }
    )
    return algorithm


def warm_up(call, max_ms):
    """
    Calls for a twentieth of the longest time. A runner that is to be trusted compares two windows, as
    the contract says; this one admits that it did not.
    """
    durations = []
    until = time.perf_counter_ns() + max_ms * 1e6 / 20
    while len(durations) < 2 or time.perf_counter_ns() < until:
        before = time.perf_counter_ns()
        call()
        durations.append(time.perf_counter_ns() - before)
    return {"calls": len(durations), "first_call_ns": durations[0], "steady": False}


def time_calls(call, prepare):
    """Calls one after another until `timed` is met; with run_on until `finish` can be read."""
    timed, durations, enough = prepare["timed"], [], False
    started = ended = time.perf_counter_ns()
    while len(durations) < timed["max_calls"] and ended - started < timed["max_ms"] * 1e6:
        before = time.perf_counter_ns()
        call()
        ended = time.perf_counter_ns()
        durations.append(ended - before)
        long_enough = ended - started >= timed["min_ms"] * 1e6
        if not enough and long_enough and len(durations) >= timed["min_calls"]:
            enough = True
            send({"type": "enough", "cell": prepare["cell"]})
            if not prepare["run_on"]:
                break
        if enough and finish_was_asked():
            break
    return started, ended, durations


def measure(algorithm, prepare):
    cell = prepare["cell"]
    data = bytes(prepare["batch_size"] * (prepare["sequence_length"] or 1) * BYTES_PER_TOKEN)
    last = [""]

    def call():
        last[0] = hashlib.new(algorithm, data).hexdigest()

    send({"type": "warm", "cell": cell, **warm_up(call, prepare["warmup"]["max_ms"])})
    go = receive()
    if go["type"] == "stop":
        sys.exit(0)
    started, ended, durations = time_calls(call, prepare)
    send(
        {
            "type": "done",
            "cell": cell,
            "started_ns": str(started),
            "ended_ns": str(ended),
            "durations_ns": durations,
            "checksum": last[0][:16],
        }
    )


def main():
    # Nothing but the contract may reach stdout: what a library prints goes to stderr.
    own = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = os.fdopen(own, "w")
    algorithm = load(receive())
    while True:
        message = receive()
        if message["type"] == "stop":
            sys.exit(0)
        if message["type"] == "prepare":
            measure(algorithm, message)


if __name__ == "__main__":
    main()
