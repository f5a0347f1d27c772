"""Failures that a runner can name; anything else that is raised ends it as a crash."""


class RunnerFault(Exception):
    """`reason` is one of the contract's: model-missing, model-invalid, cell-unsupported …"""

    def __init__(self, reason, message):
        super().__init__(message)
        self.reason = reason
        self.message = message


def memory_fault(error):
    """The fault of an error that says in its text that memory ran out; None for any other."""
    text = str(error)
    said = ("can't allocate memory", "bad_alloc", "out of memory", "OOM when allocating")
    if isinstance(error, MemoryError) or any(words in text for words in said):
        return RunnerFault("out-of-memory", first_line(error))
    return None


def first_line(error):
    """The error's kind and the first line of its text, as a message of the contract may hold it."""
    text = str(error).strip().split("\n", 1)[0]
    return f"{type(error).__name__}: {text}"[:1_000]
