"""The TensorFlow runner: speaks the contract on stdin and stdout."""

import os
import sys

sys.path[:0] = [
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"),
    os.path.dirname(os.path.abspath(__file__)),
]

# Warnings of every start are no news; errors stay.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from fleetsweep_runner.serve import serve  # noqa: E402


def load(start):
    # A broken installation then is a failure that the agent is told of.
    from load import load_workload

    return load_workload(start)


if __name__ == "__main__":
    serve(load)
