"""The two pipes to the agent: JSON lines in, JSON lines out, and nothing else on stdout."""

import json
import os
import select

# One message of the agent takes a few hundred bytes.
LONGEST_LINE_BYTES = 1 << 20


class AgentGone(Exception):
    """stdin closed: nobody reads what is measured."""


class Inbox:
    """Messages of the agent in order. Reads only when asked, and has no thread of its own."""

    def __init__(self, descriptor=0):
        self._descriptor = descriptor
        self._bytes = b""
        self._messages = []

    def next(self):
        """The next message, waiting for it. Raises AgentGone when stdin closes."""
        while not self._messages:
            self._read()
        return self._messages.pop(0)

    def asks_to_finish(self):
        """Whether `finish` or `stop` can be read now; takes `finish` away. Raises AgentGone."""
        while self._is_readable():
            self._read()
        if not self._messages:
            return False
        if self._messages[0]["type"] == "finish":
            self._messages.pop(0)
            return True
        return self._messages[0]["type"] == "stop"

    def check_alive(self):
        """Raises AgentGone where stdin has closed; keeps what came."""
        while self._is_readable():
            self._read()

    def _is_readable(self):
        return bool(select.select([self._descriptor], [], [], 0)[0])

    def _read(self):
        data = os.read(self._descriptor, 65_536)
        if data == b"":
            raise AgentGone
        *lines, self._bytes = (self._bytes + data).split(b"\n")
        if len(self._bytes) > LONGEST_LINE_BYTES:
            raise ValueError("a line on stdin does not end")
        for line in lines:
            if line.strip():
                self._messages.append(parse_message(line))


def parse_message(line):
    """A message as a dictionary. Raises ValueError for anything that is none."""
    message = json.loads(line)
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise ValueError(f"not a message: {line[:200]!r}")
    return message


def claim_stdout():
    """
    A function that writes messages, at once, to what was stdout. File descriptor 1 becomes stderr, so that a
    library that prints there, as oneDNN's verbose mode does, cannot break the contract.
    """
    own = os.dup(1)
    os.dup2(2, 1)

    def write(*messages):
        lines = (json.dumps(message, allow_nan=False) + "\n" for message in messages)
        data = "".join(lines).encode()
        while data:
            data = data[os.write(own, data) :]

    return write
