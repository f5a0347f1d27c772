"""
Says as JSON what this PyTorch can do on this host, by doing it: every mode and number format on a
small model. `--ipex` also imports Intel's extension.
"""

import os
import sys

sys.path[:0] = [
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"),
    os.path.dirname(os.path.abspath(__file__)),
]

import torch  # noqa: E402
from fleetsweep_runner.bert import make_inputs  # noqa: E402
from fleetsweep_runner.fault import RunnerFault, first_line  # noqa: E402
from fleetsweep_runner.linked import mapped_libraries  # noqa: E402
from fleetsweep_runner.pipes import claim_stdout  # noqa: E402
from encoder import build_encoder  # noqa: E402
from linking import read_build  # noqa: E402
from load import optimise_with_ipex, to_array  # noqa: E402
from modes import make_call, to_dtype  # noqa: E402

PROBED_SIZE = (1, 64, 1)
MODES = ("eager", "graph", "compile")
DTYPES = ("fp32", "bf16", "int8")


def attempt(mode, dtype, attention="explicit"):
    """None where it runs and gives numbers, else why not."""
    use_ipex = "--ipex" in sys.argv[1:]
    try:
        if mode == "compile" and not hasattr(torch, "compile"):
            return "this PyTorch has no torch.compile"
        with torch.inference_mode():
            model = to_dtype(build_encoder(PROBED_SIZE, 1, attention), dtype)
            if use_ipex:
                model = optimise_with_ipex(model, dtype)
            arrays = make_inputs(1, 8, 1)
            inputs = tuple(torch.from_numpy(array) for array in arrays.values())
            output = to_array(make_call(model, mode, inputs)())
        return None if abs(output).max() < 1e3 else "the output is no number"
    except RunnerFault as fault:
        return fault.message
    except Exception as error:
        return first_line(error)


def transformers_version():
    try:
        from importlib.metadata import version

        return version("transformers")
    except Exception:
        return None


def probe():
    missing = {}
    for mode in MODES:
        for dtype in DTYPES:
            why = attempt(mode, dtype)
            if why is not None:
                missing[f"{mode} {dtype}"] = why
    sdpa = attempt("eager", "fp32", "sdpa")
    return {
        "framework": "torch",
        "version": torch.__version__,
        "python": sys.version.split()[0],
        "combinations": [
            [mode, dtype]
            for mode in MODES
            for dtype in DTYPES
            if f"{mode} {dtype}" not in missing
        ],
        "missing": missing,
        "attentions": ["explicit"] + ([] if sdpa else ["sdpa"]),
        "transformers": transformers_version(),
        "build": read_build(),
        "libraries": mapped_libraries(),
        "location": os.path.dirname(torch.__file__),
    }


if __name__ == "__main__":
    write = claim_stdout()
    if "--ipex" in sys.argv[1:]:
        import intel_extension_for_pytorch  # noqa: F401
    torch.set_num_threads(1)
    write(probe())
