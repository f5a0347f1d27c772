"""
The seeded encoders: agent/runners/bert in NumPy. Weights and inputs are bit-equal to those of every other
runner, which a test compares.
"""

import math

import numpy

from .fault import RunnerFault

# (layers, hidden size, heads), by the names under which sweep files ask for them.
SIZES = {
    "bert-tiny": (2, 128, 2),
    "bert-mini": (4, 256, 4),
    "bert-small": (4, 512, 8),
    "bert-medium": (8, 512, 8),
    "bert-base": (12, 768, 12),
    "bert-large": (24, 1024, 16),
}
VOCABULARY = 1_024
MAX_SEQUENCE_LENGTH = 512
TOKEN_TYPES = 2
EPSILON = 1e-12
# What is added to the scores of padding.
MASKED_SCORE = -10_000.0
ENCODER_VERSION = "1"


def stream_key(seed, name):
    """The 32-bit FNV-1a of `seed/name`."""
    key = 0x811C9DC5
    for byte in f"{seed}/{name}".encode("ascii"):
        key = ((key ^ byte) * 0x01000193) & 0xFFFFFFFF
    return key


def stream(key, count):
    """The first `count` elements: murmur3's finaliser over key + i × 0x9E3779B9, as uint32."""
    with numpy.errstate(over="ignore"):
        x = numpy.arange(count, dtype=numpy.uint32)
        x *= numpy.uint32(0x9E3779B9)
        x += numpy.uint32(key)
        x = (x ^ (x >> numpy.uint32(16))) * numpy.uint32(0x85EBCA6B)
        x = (x ^ (x >> numpy.uint32(13))) * numpy.uint32(0xC2B2AE35)
        return x ^ (x >> numpy.uint32(16))


def uniform(key, count, reach, center):
    """Singles spread evenly over center ± reach, computed in double precision."""
    x = stream(key, count).astype(numpy.float64)
    return ((center - reach) + (2 * reach) / 2**32 * (x + 0.5)).astype(numpy.float32)


def weight_rules(size):
    """Name -> (shape, reach, center) of every weight; matrices are [input, output]."""
    layers, hidden, _ = size
    rules = {
        "embeddings.word": ((VOCABULARY, hidden), math.sqrt(3), 0.0),
        "embeddings.position": ((MAX_SEQUENCE_LENGTH, hidden), math.sqrt(3), 0.0),
        "embeddings.token_type": ((TOKEN_TYPES, hidden), math.sqrt(3), 0.0),
    }

    def add_linear(name, fan_in, fan_out):
        rules[f"{name}.weight"] = ((fan_in, fan_out), math.sqrt(3 / fan_in), 0.0)
        rules[f"{name}.bias"] = ((fan_out,), 0.1, 0.0)

    def add_norm(name):
        rules[f"{name}.gain"] = ((hidden,), 0.1, 1.0)
        rules[f"{name}.bias"] = ((hidden,), 0.1, 0.0)

    add_norm("embeddings.norm")
    for layer in range(layers):
        for part in ("query", "key", "value", "output"):
            add_linear(f"layer.{layer}.attention.{part}", hidden, hidden)
        add_norm(f"layer.{layer}.attention.norm")
        add_linear(f"layer.{layer}.intermediate", hidden, 4 * hidden)
        add_linear(f"layer.{layer}.output", 4 * hidden, hidden)
        add_norm(f"layer.{layer}.output.norm")
    return rules


def make_weights(size, seed):
    """A function from a weight's name to its array, made when it is asked for."""
    rules = weight_rules(size)

    def weight(name):
        shape, reach, center = rules[name]
        return uniform(stream_key(seed, name), math.prod(shape), reach, center).reshape(shape)

    return weight


def make_inputs(batch_size, sequence_length, seed):
    """Seeded tokens at full length, int64 [batch, sequence] each."""
    shape = (batch_size, sequence_length)
    tokens = stream(stream_key(seed, "inputs.ids"), batch_size * sequence_length) % VOCABULARY
    return {
        "input_ids": tokens.astype(numpy.int64).reshape(shape),
        "attention_mask": numpy.ones(shape, numpy.int64),
        "token_type_ids": numpy.zeros(shape, numpy.int64),
    }


def find_size(model):
    """The size of a built-in model of the start message. Raises RunnerFault model-missing."""
    size = SIZES.get(model["name"])
    if size is None:
        raise RunnerFault("model-missing", f"there is no built-in model {model['name']}")
    return size


def check_length(model_name, sequence_length):
    """Raises RunnerFault cell-unsupported for a length that the built-in models do not have."""
    if sequence_length is None:
        raise RunnerFault("cell-unsupported", f"{model_name} needs a sequence length")
    if sequence_length > MAX_SEQUENCE_LENGTH:
        bound = f"{model_name} has {MAX_SEQUENCE_LENGTH} positions"
        raise RunnerFault("cell-unsupported", f"sequence length {sequence_length}: {bound}")
