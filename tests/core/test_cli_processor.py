"""Kernels for AVX-512 are asked for only where the processor has it and OpenBLAS does not see it."""

import pytest

from lstm_core.cli.processor import NEEDED, environment

WIDE = " ".join(["fpu", "avx2", *sorted(NEEDED)])


@pytest.mark.parametrize(
    ("vendor", "flags", "known", "expected"),
    [
        ("AuthenticAMD", WIDE, {}, {"OPENBLAS_CORETYPE": "SKYLAKEX"}),
        ("AuthenticAMD", WIDE.replace("avx512cd", ""), {}, {}),
        ("AuthenticAMD", "fpu avx2", {}, {}),
        ("GenuineIntel", WIDE, {}, {}),
        ("AuthenticAMD", WIDE, {"OPENBLAS_CORETYPE": "Haswell"}, {}),
    ],
)
def test_the_kernels_follow_the_processor(tmp_path, vendor, flags, known, expected):
    told = tmp_path / "cpuinfo"
    one = f"processor\t: 0\nvendor_id\t: {vendor}\nmodel name\t: a: b\nflags\t\t: {flags}\n"
    told.write_text(f"{one}\n{one}\n")
    assert environment(told, known) == expected


def test_nothing_is_asked_for_where_linux_does_not_tell(tmp_path):
    assert environment(tmp_path / "none", {}) == {}


def test_another_processor_family_tells_other_words(tmp_path):
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nFeatures\t: fp asimd\n")
    assert environment(tmp_path / "cpuinfo", {}) == {}
