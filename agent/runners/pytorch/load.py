"""Loads a model for a launch and reads back what PyTorch computes with."""

import platform

import numpy
import torch
from encoder import build_encoder
from fleetsweep_runner.bert import ENCODER_VERSION, check_length, find_size, make_inputs
from fleetsweep_runner.fault import RunnerFault, first_line, memory_fault
from fleetsweep_runner.linked import mapped_libraries, onednn_isa, readback_of
from fleetsweep_runner.serve import PreparedCall, Workload
from linking import read_build
from modes import make_call, to_dtype


def make_loader(use_ipex=False):
    """The `load` of serve(): takes the start message, returns the Workload. @raises RunnerFault"""

    def load(start):
        set_threads(start)
        set_onednn(start["parameters"].get("onednn", "default"))
        try:
            with torch.inference_mode():
                model, source = load_model(start)
                model = to_dtype(model, start["dtype"])
                if use_ipex:
                    model = optimise_with_ipex(model, start["dtype"])
        except Exception as error:
            raise memory_fault(error) or error from error
        return Workload(
            versions=read_versions(use_ipex, source),
            threads=torch.get_num_threads(),
            readback=read_back(start),
            prepare=lambda batch, sequence: prepare(model, start, (batch, sequence)),
        )

    return load


def set_threads(start):
    # The second of two calls in one process fails: the pool of operators is made once.
    interop = int(start["parameters"].get("interop_threads", 1))
    torch.set_num_threads(start["threads"])
    if torch.get_num_interop_threads() != interop:
        torch.set_num_interop_threads(interop)


def set_onednn(value):
    if value != "default":
        torch.backends.mkldnn.set_flags(value == "on")


def load_model(start):
    """The model in single precision, and where it comes from as an entry of versions."""
    model = start["model"]
    if model["kind"] == "built-in":
        attention = start["parameters"].get("attention", "explicit")
        built = build_encoder(find_size(model), start["seed"], attention)
        return built, {"encoder": ENCODER_VERSION}
    from hub import load_directory

    return load_directory(model["path"])


def optimise_with_ipex(model, dtype):
    import intel_extension_for_pytorch as ipex

    if dtype == "int8":
        return model
    return ipex.optimize(model, dtype=torch.bfloat16 if dtype == "bf16" else torch.float32)


def prepare(model, start, shape):
    batch_size, sequence_length = shape
    # A model of the host's operator says by itself what is too long for it.
    if start["model"]["kind"] == "built-in" or sequence_length is None:
        check_length(start["model"]["name"], sequence_length)
    arrays = make_inputs(batch_size, sequence_length, start["seed"])
    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = tuple(torch.from_numpy(arrays[name]) for name in names)
    with torch.inference_mode():
        forward = make_call(model, start["mode"], inputs)
    last = [None]

    def call():
        try:
            with torch.inference_mode():
                last[0] = forward()
        except Exception as error:
            raise to_fault(error) from error

    return PreparedCall(call=call, output=lambda: to_array(last[0]))


def to_fault(error):
    return memory_fault(error) or RunnerFault("cell-unsupported", first_line(error))


def to_array(output):
    """The output in single precision, [batch, sequence, hidden] for encoders."""
    if output is None:
        return numpy.zeros(0, numpy.float32)
    return output.detach().to(torch.float32).contiguous().numpy()


def onednn_in_force():
    return torch.backends.mkldnn.is_available() and torch._C._get_mkldnn_enabled()


def read_versions(use_ipex, source):
    versions = {"torch": torch.__version__, "python": platform.python_version(), **source}
    if use_ipex:
        import intel_extension_for_pytorch as ipex

        versions["intel_extension_for_pytorch"] = ipex.__version__
    return versions


def read_back(start):
    return {
        "framework": f"torch {torch.__version__}",
        "mode": start["mode"],
        "dtype": start["dtype"],
        "interop_threads": torch.get_num_interop_threads(),
        "onednn": "on" if onednn_in_force() else "off",
        "onednn_isa": onednn_isa(),
        "quantized_engine": torch.backends.quantized.engine,
        **read_build(),
        **readback_of(mapped_libraries()),
    }
