"""Loads the model for a launch and reads back what TensorFlow computes with."""

import platform

import numpy
import tensorflow as tf
from encoder import Encoder
from fleetsweep_runner.bert import ENCODER_VERSION, check_length, find_size, make_inputs
from fleetsweep_runner.fault import RunnerFault, first_line, memory_fault
from fleetsweep_runner.linked import mapped_libraries, onednn_isa, readback_of
from fleetsweep_runner.serve import PreparedCall, Workload
from linking import onednn_in_force, read_build

DTYPES = {"fp32": tf.float32, "bf16": tf.bfloat16}


def load_workload(start):
    """The Workload of a start message. Raises RunnerFault."""
    set_threads(start)
    model = start["model"]
    if model["kind"] != "built-in":
        raise RunnerFault("model-invalid", "the TensorFlow runner takes built-in models only")
    if start["dtype"] not in DTYPES:
        raise RunnerFault("cell-unsupported", f"TensorFlow computes in no {start['dtype']} here")
    try:
        encoder = Encoder(find_size(model), start["seed"], DTYPES[start["dtype"]])
        # One call makes every variable, so that loading is not a part of the first timed shape.
        encoder(**make_tensors((1, 8), start["seed"]))
    except Exception as error:
        raise memory_fault(error) or error from error
    return Workload(
        versions={
            "tensorflow": tf.__version__,
            "python": platform.python_version(),
            "encoder": ENCODER_VERSION,
        },
        threads=tf.config.threading.get_intra_op_parallelism_threads(),
        readback=read_back(start),
        prepare=lambda batch, sequence: prepare(encoder, start, (batch, sequence)),
    )


def set_threads(start):
    tf.config.threading.set_intra_op_parallelism_threads(start["threads"])
    interop = int(start["parameters"].get("interop_threads", 1))
    tf.config.threading.set_inter_op_parallelism_threads(interop)


def make_tensors(shape, seed):
    arrays = make_inputs(shape[0], shape[1], seed)
    return {name: tf.constant(array) for name, array in arrays.items()}


def prepare(encoder, start, shape):
    check_length(start["model"]["name"], shape[1])
    inputs = make_tensors(shape, start["seed"])
    forward = make_forward(encoder, start)
    last = [None]

    def call():
        try:
            last[0] = forward(**inputs)
        except Exception as error:
            raise to_fault(error) from error

    return PreparedCall(call=call, output=lambda: to_array(last[0]))


def make_forward(encoder, start):
    """The encoder as the mode runs it; `graph` is traced anew for each shape."""
    if start["mode"] == "eager":
        return encoder
    if start["mode"] != "graph":
        raise RunnerFault("cell-unsupported", f"TensorFlow has no mode {start['mode']}")
    use_xla = start["parameters"].get("xla", False) is True
    return tf.function(encoder, jit_compile=True if use_xla else None, autograph=False)


def to_fault(error):
    return memory_fault(error) or RunnerFault("cell-unsupported", first_line(error))


def to_array(output):
    """The output in single precision, [batch, sequence, hidden]."""
    if output is None:
        return numpy.zeros(0, numpy.float32)
    return tf.cast(output, tf.float32).numpy()


def read_back(start):
    parameters = start["parameters"]
    return {
        "framework": f"tensorflow {tf.__version__}",
        "mode": start["mode"],
        "dtype": start["dtype"],
        "xla": parameters.get("xla", False) is True and start["mode"] == "graph",
        "interop_threads": tf.config.threading.get_inter_op_parallelism_threads(),
        "onednn": {True: "on", False: "off", None: None}[onednn_in_force()],
        "onednn_isa": onednn_isa(),
        **read_build(),
        **readback_of(mapped_libraries()),
    }
