"""The conversation of the runner contract (agent/runners/CONTRACT.md), for a workload in Python."""

import hashlib
import os
import time
from typing import Callable, NamedTuple

import numpy

from .arrivals import time_arrivals
from .fault import RunnerFault
from .pipes import AgentGone, Inbox, claim_stdout
from .timing import quiet_collector, warm_up

CONTRACT_VERSION = 1


class Workload(NamedTuple):
    """What a runner supplies once its model is loaded."""

    versions: dict
    # Threads that the framework says it computes with.
    threads: int
    # What is in force, as read back; values are text, numbers, booleans or None.
    readback: dict
    # (batch size, sequence length or None) -> PreparedCall; raises RunnerFault.
    prepare: Callable


class PreparedCall(NamedTuple):
    """One cell, ready to be called."""

    # One forward call on inputs that are ready; only this is timed.
    call: Callable
    # The last call's output as a NumPy array of single precision.
    output: Callable
    # What can be read back of this cell, once it has run.
    readback: Callable = dict


class Hooks(NamedTuple):
    run_on: bool
    on_enough: Callable
    is_finishing: Callable
    check_alive: Callable


def serve(load):
    """
    Speaks the contract until the agent says `stop` or closes stdin. `load` takes the start message and
    returns a Workload; a RunnerFault from it ends the runner, one in a cell is that cell's alone.
    """
    write = claim_stdout()
    inbox = Inbox()
    try:
        code = _converse(inbox, write, load)
    except AgentGone:
        code = 0
    # Taking a framework down in order takes seconds on a busy host, and nothing is left to be saved.
    os._exit(code)


def _converse(inbox, write, load):
    start = inbox.next()
    if start["type"] == "stop":
        return 0
    if start["type"] != "start":
        raise ValueError(f"expected start, got {start['type']}")
    workload = _load(write, load, start)
    if workload is None:
        return 1
    while True:
        message = inbox.next()
        if message["type"] == "stop":
            return 0
        # A `finish` may cross the cell's own end on the pipe.
        if message["type"] == "finish":
            continue
        if message["type"] != "prepare":
            raise ValueError(f"expected prepare, got {message['type']}")
        with quiet_collector():
            if _serve_cell(inbox, write, workload, message) == "stop":
                return 0


def _load(write, load, start):
    before = time.perf_counter_ns()
    try:
        workload = load(start)
    except RunnerFault as fault:
        write(_failed(None, fault))
        return None
    write(
        {
            "type": "ready",
            "contract": CONTRACT_VERSION,
            "versions": workload.versions,
            "threads": workload.threads,
            "load_ns": time.perf_counter_ns() - before,
            "readback": workload.readback,
        }
    )
    return workload


def _serve_cell(inbox, write, workload, message):
    cell = message["cell"]
    try:
        prepared = workload.prepare(message["batch_size"], message["sequence_length"])
        warmed = warm_up(prepared.call, message["warmup"]["max_ms"], inbox.check_alive)
    except RunnerFault as fault:
        write(_failed(cell, fault))
        return None
    write({"type": "warm", "cell": cell, **warmed})
    go = inbox.next()
    if go["type"] == "stop":
        return "stop"
    if go["type"] != "go":
        raise ValueError(f"expected go, got {go['type']}")
    told = []

    def on_enough():
        told.append({"type": "enough", "cell": cell})
        # Where nobody waits for it, it goes with what follows: the agent wakes up once.
        if message["run_on"]:
            write(*told)
            told.clear()

    hooks = Hooks(
        run_on=message["run_on"],
        on_enough=on_enough,
        is_finishing=inbox.asks_to_finish,
        check_alive=inbox.check_alive,
    )
    try:
        run = time_arrivals(prepared.call, message, go, hooks)
    except RunnerFault as fault:
        write(_failed(cell, fault))
        return None
    write(*told, _done(message, run, prepared))
    return None


def _done(message, run, prepared):
    started, ended, durations, service = run
    return {
        "type": "done",
        "cell": message["cell"],
        "started_ns": str(started),
        "ended_ns": str(ended),
        "arrival": message.get("arrival", {"pattern": "closed"})["pattern"],
        "durations_ns": durations,
        **({} if service is None else {"service_ns": service}),
        "checksum": checksum(prepared.output()),
        "readback": prepared.readback(),
    }


def checksum(output):
    """SHA-256 of the output's single-precision bytes, cut to 16 hex digits."""
    data = numpy.ascontiguousarray(output, dtype="<f4").tobytes()
    return hashlib.sha256(data).hexdigest()[:16]


def _failed(cell, fault):
    return {"type": "failed", "cell": cell, "reason": fault.reason, "message": fault.message[:2_000]}
