"""The PyTorch runner: speaks the contract on stdin and stdout. `--ipex` adds Intel's extension."""

import os
import sys

sys.path[:0] = [
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"),
    os.path.dirname(os.path.abspath(__file__)),
]

from fleetsweep_runner.serve import serve  # noqa: E402
from load import make_loader  # noqa: E402

if __name__ == "__main__":
    serve(make_loader(use_ipex="--ipex" in sys.argv[1:]))
