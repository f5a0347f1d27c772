"""How a module is executed: eager, traced by TorchScript, or compiled by torch.compile."""

import warnings

import torch
from fleetsweep_runner.fault import RunnerFault, first_line

# Graphs of one launch: each shape is compiled for itself, as `graph` traces each for itself.
MOST_GRAPHS = 256


def to_dtype(model, dtype):
    """The model in the number format asked for. Raises RunnerFault cell-unsupported."""
    if dtype == "fp32":
        return model
    if dtype == "bf16":
        return model.to(torch.bfloat16)
    if dtype == "int8":
        with warnings.catch_warnings():
            # Deprecated in favour of a package of its own, and there until it is removed.
            warnings.simplefilter("ignore")
            return torch.ao.quantization.quantize_dynamic(
                model, {torch.nn.Linear}, dtype=torch.qint8
            )
    raise RunnerFault("cell-unsupported", f"PyTorch computes in no {dtype} here")


def make_call(model, mode, inputs):
    """A function without arguments that runs the model once on `inputs`, a tuple of tensors."""
    if mode == "eager":
        return lambda: model(*inputs)
    try:
        graph = _trace(model, inputs) if mode == "graph" else _compile(model, inputs)
    except Exception as error:
        raise RunnerFault("cell-unsupported", f"mode {mode}: {first_line(error)}") from error
    return lambda: graph(*inputs)


def _trace(model, inputs):
    with warnings.catch_warnings():
        # TorchScript is deprecated, and shapes are constants of the trace on purpose.
        warnings.simplefilter("ignore")
        return torch.jit.trace(model, inputs, check_trace=False)


def _compile(model, inputs):
    torch._dynamo.config.recompile_limit = MOST_GRAPHS
    # Compilers of their own would be processes outside of the plan.
    torch._inductor.config.compile_threads = 1
    compiled = torch.compile(model, dynamic=False, fullgraph=True)
    # The first call compiles: here, so that a failure is the cell's and says why.
    compiled(*inputs)
    return compiled
