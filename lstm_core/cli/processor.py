"""What the processor can do that the library of matrix products does not see by itself."""

import os
from collections.abc import Mapping
from pathlib import Path

VARIABLE, KERNELS = "OPENBLAS_CORETYPE", "SKYLAKEX"
NEEDED = frozenset({"avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"})
"""What these kernels use; on a processor without it they would end the process."""
CPUINFO = Path("/proc/cpuinfo")


def environment(cpuinfo: Path = CPUINFO, known: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Variables for the process of the pages: OpenBLAS' kernels for AVX-512, where it would take older ones.

    NumPy's OpenBLAS 0.3.31 takes its kernels for Haswell on AMD's newest processors although they have AVX-512; Intel's
    it knows. Linux lists only what may be used. A choice made by whoever starts the app stands.
    """
    if VARIABLE in known or not cpuinfo.is_file():
        return {}
    told = cpuinfo.read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]
    about = {name.strip(): value for name, _, value in (line.partition(":") for line in told.splitlines())}
    can = set(about.get("flags", "").split()) >= NEEDED
    return {VARIABLE: KERNELS} if about.get("vendor_id", "").strip() == "AuthenticAMD" and can else {}
