"""What this PyTorch was built with and what it found in the process, as PyTorch itself says."""

import re

import torch


def read_build():
    """blas, onednn_version, openmp_version, cpu_capability; None where PyTorch does not say."""
    shown = torch.__config__.show() + "\n" + torch.__config__.parallel_info()
    mkl = _find(r"Math Kernel Library Version (\S+)", shown)
    named = _find(r"BLAS_INFO=(\w+)", shown)
    return {
        "blas": f"mkl {mkl}" if mkl else named,
        "onednn_version": _find(r"MKL-DNN v(\S+)", shown),
        "openmp_version": _find(r"OpenMP (\d{6})", shown),
        "cpu_capability": _capability(shown),
    }


def _capability(shown):
    cpu = getattr(torch.backends, "cpu", None)
    if cpu is not None:
        return cpu.get_cpu_capability()
    return _find(r"CPU capability usage: (\w+)", shown)


def _find(pattern, text):
    found = re.search(pattern, text)
    return found.group(1) if found else None
