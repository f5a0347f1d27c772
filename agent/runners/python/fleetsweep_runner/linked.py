"""What this process has mapped: which BLAS, oneDNN, OpenMP and allocator libraries, by their files."""

import os
import re

ROLES = (
    ("openmp", re.compile(r"^lib(gomp|iomp5|omp5?)\b")),
    ("blas", re.compile(r"^lib(openblas|blas|cblas|mkl_rt|mkl_core|blis|scipy_openblas)")),
    ("onednn", re.compile(r"^lib(dnnl|onednn)\b")),
    ("allocator", re.compile(r"^lib(jemalloc|tcmalloc|mimalloc|tbbmalloc)")),
)


def mapped_libraries(text=None):
    """Role -> the mapped files that fill it, each once, in the order of /proc/self/maps."""
    if text is None:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
            text = maps.read()
    found = {role: [] for role, _ in ROLES}
    for line in text.split("\n"):
        at = line.find("/")
        if at == -1:
            continue
        path = line[at:].removesuffix(" (deleted)")
        for role, pattern in ROLES:
            if pattern.match(os.path.basename(path)) and path not in found[role]:
                found[role].append(path)
    return found


def onednn_isa():
    """The bound on oneDNN's instructions as the axis `onednn_isa` writes it, as this process has it."""
    found = os.environ.get("ONEDNN_MAX_CPU_ISA") or os.environ.get("DNNL_MAX_CPU_ISA")
    return found.lower() if found else "default"


def readback_of(libraries):
    """The same as entries of a readback: files joined by a blank, None where there is none."""
    return {
        f"{role}_mapped": " ".join(paths)[:2_000] if paths else None
        for role, paths in libraries.items()
    }
