"""Says as JSON what this TensorFlow can do on this host, by doing it on a small model."""

import os
import sys

sys.path[:0] = [
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"),
    os.path.dirname(os.path.abspath(__file__)),
]
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import tensorflow as tf  # noqa: E402
from fleetsweep_runner.fault import RunnerFault, first_line  # noqa: E402
from fleetsweep_runner.linked import mapped_libraries  # noqa: E402
from fleetsweep_runner.pipes import claim_stdout  # noqa: E402
from encoder import Encoder  # noqa: E402
from linking import onednn_in_force, read_build  # noqa: E402
from load import DTYPES, make_forward, make_tensors, to_array  # noqa: E402

PROBED_SIZE = (1, 64, 1)
MODES = ("eager", "graph")


def attempt(mode, dtype, use_xla=False):
    """None where it runs and gives numbers, else why not."""
    try:
        encoder = Encoder(PROBED_SIZE, 1, DTYPES[dtype])
        encoder(**make_tensors((1, 4), 1))
        forward = make_forward(encoder, {"mode": mode, "parameters": {"xla": use_xla}})
        output = to_array(forward(**make_tensors((1, 8), 1)))
        return None if abs(output).max() < 1e3 else "the output is no number"
    except RunnerFault as fault:
        return fault.message
    except Exception as error:
        return first_line(error)


def probe():
    tried = {f"{mode} {dtype}": attempt(mode, dtype) for mode in MODES for dtype in DTYPES}
    tried["graph xla"] = attempt("graph", "fp32", use_xla=True)
    missing = {name: why for name, why in tried.items() if why is not None}
    return {
        "framework": "tensorflow",
        "version": tf.__version__,
        "python": sys.version.split()[0],
        "combinations": [
            [mode, dtype] for mode in MODES for dtype in DTYPES if f"{mode} {dtype}" not in missing
        ],
        "missing": missing,
        "xla": "graph xla" not in missing,
        "onednn": onednn_in_force(),
        "build": read_build(),
        "libraries": mapped_libraries(),
        "location": os.path.dirname(tf.__file__),
    }


if __name__ == "__main__":
    write = claim_stdout()
    write(probe())
