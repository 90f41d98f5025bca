"""The six equations with numbers that can be checked by reading them."""

import re

import numpy as np
import pytest

from lstm_core.network.equations import equations
from lstm_core.network.memory import GruStep, LstmStep, RnnStep, crop, describe, measure_memory, steps_around
from tests.core.network.traces import trace_with

STEP = LstmStep(
    z_i=1.2, z_f=2.1, z_g=-0.4, z_o=-1.0, i=0.769, f=0.891, g=-0.38, o=0.269,
    c_before=-1.94, c=-2.02, h_before=0.1, h=-0.26,
)  # fmt: skip


def test_c1_six_equations_in_the_order_of_the_document():
    told = equations(STEP)
    assert [equation.name for equation in told] == [
        "Forget gate", "Input gate", "Candidate", "Cell state", "Output gate", "Hidden state",
    ]  # fmt: skip
    assert told[0].symbols == r"f_t = \sigma(W_f\,[h_{t-1}, x_t] + b_f)"
    assert told[0].numbers == r"f_t = \sigma(2.10) = 0.891"
    assert told[3].symbols == r"C_t = f_t \odot C_{t-1} + i_t \odot \tilde{C}_t"
    assert r"C_t &= 0.891 \cdot (-1.94)\\&+ 0.769 \cdot (-0.380) = -2.02" in told[3].numbers
    assert told[3].words == "−1.73 is kept and −0.292 is added."
    assert told[5].symbols == r"h_t = o_t \odot \tanh(C_t)"


def test_a_candidate_of_relu_that_is_0_pulls_nowhere():
    values = {name: getattr(STEP, name) for name in LstmStep.__slots__}
    words = [equations(LstmStep(**values | {"g": g}), activation="relu")[2].words for g in (0.0, 0.4, -0.4)]
    assert "nothing to write" in words[0]
    assert words[1].endswith("up.")
    assert words[2].endswith("down.")


def test_c3_words_near_0_forgets_and_near_1_keeps():
    def word(gate: float) -> str:
        values = {name: getattr(STEP, name) for name in LstmStep.__slots__} | {"f": gate}
        return equations(LstmStep(**values))[0].words

    assert word(0.05).startswith("Near 0, so it forgets: 5%")
    assert word(0.95).startswith("Near 1, so it keeps: 95%")
    assert word(0.5).startswith("In between")


@pytest.mark.parametrize("gate", [np.nextafter(1, 0), 1 - 1e-9, 0.99951, 0.5, 1e-9, 5e-324, -0.99999])
def test_c1_no_gate_is_written_as_0_or_1(gate: float):
    values = {name: getattr(STEP, name) for name in LstmStep.__slots__} | {"f": float(gate)}
    shown = equations(LstmStep(**values))[0].numbers.split(" = ")[-1]
    match = re.fullmatch(r"(-?[\d.]+)(?: \\cdot 10\^\{(-?\d+)\})?", shown)
    assert match
    number = float(match[1]) * 10.0 ** int(match[2] or 0) if match[2] != "-324" else 5e-324
    assert 0 < abs(number) < 1
    assert number == pytest.approx(gate, rel=0.02)


@pytest.mark.parametrize(("activation", "name"), [("relu", "relu"), ("sigmoid", r"\sigma(W_C")])
def test_the_activation_of_the_layer_is_named(activation, name):
    told = equations(STEP, activation=activation)
    assert name in told[2].symbols


def test_memory_in_words_says_when_old_steps_do_not_matter():
    short = measure_memory(trace_with(forget=np.full((24, 2), 0.5)))
    assert "half-life of 1 step." in describe(short, window_length=24)
    assert "After 4 steps a tenth is left" in describe(short, window_length=24)
    long = measure_memory(trace_with(forget=np.full((24, 2), 0.99)))
    assert "first of the 24 steps can still reach" in describe(long, window_length=24)
    one = measure_memory(trace_with(forget=np.tile([0.5, 0.5, 0.99], (4, 1))))
    assert "half of the units forget half of their cell state within 1 step; unit 3" in describe(
        one, window_length=24
    )
    assert "first of the 24 steps can still reach" in describe(one, window_length=24)


@pytest.mark.parametrize(
    ("step", "length", "most", "expected"),
    [
        (0, 24, 150, (0, 24)),
        (0, 1000, 150, (0, 150)),
        (999, 1000, 150, (850, 1000)),
        (500, 1000, 150, (425, 575)),
    ],
)
def test_steps_around_the_chosen_one(step, length, most, expected):
    shown = steps_around(step, window_length=length, most=most)
    assert (shown.start, shown.stop) == expected
    assert shown.start <= step < shown.stop


def test_crop_keeps_the_same_numbers():
    trace = trace_with(forget=np.linspace(0.1, 0.9, 20).reshape(10, 2))
    part = crop(trace, slice(4, 7))
    np.testing.assert_array_equal(part.parts["forget"], trace.parts["forget"][4:7])
    assert {sums.shape for sums in part.sums.values()} == {(3, 2)}


GRU = GruStep(
    sum_z=2.1, sum_r=-1.0, sum_g=-0.4, read=0.14, recalled=-2.0, z=0.891, r=0.269, g=-0.38,
    h_before=0.5, h=0.404,
)  # fmt: skip


def test_a_gru_has_four_equations_with_the_candidate_as_keras_computes_it():
    told = equations(GRU)
    assert [equation.name for equation in told] == [
        "Update gate", "Reset gate", "Candidate", "Hidden state",
    ]  # fmt: skip
    assert told[0].symbols == r"z_t = \sigma(W_z\,[h_{t-1}, x_t] + b_z)"
    assert told[0].numbers == r"z_t = \sigma(2.10) = 0.891"
    assert told[0].words.startswith("Near 1, so it keeps the old state: 89% of the old hidden state stays")
    assert r"\tanh(W\,x_t + b_x\\&+ r_t \odot (U\,h_{t-1} + b_h))" in told[2].symbols
    assert r"\tanh(0.140\\&+ 0.269 \cdot (-2.00)) = -0.380" in told[2].numbers
    assert (
        told[2].words
        == "The input gives 0.14, the past −0.538. What could be written pulls the hidden state down."
    )
    assert told[3].symbols == r"h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde{h}_t"
    assert r"h_t &= 0.891 \cdot 0.500\\&+ 0.109 \cdot (-0.380) = 0.404" in told[3].numbers


@pytest.mark.parametrize("z", [5e-324, 1e-20, np.nextafter(1, 0)])
def test_what_an_update_gate_takes_is_never_written_as_0_or_1(z: float):
    values = {name: getattr(GRU, name) for name in GruStep.__slots__} | {"z": float(z)}
    shown = equations(GruStep(**values))[3].numbers
    rest = re.search(r"&\+ (.+?) \\cdot \(-0\.380\)", shown)
    assert rest
    assert rest[1] not in {"0", "1", "1.00"}


def test_a_simple_rnn_has_one_equation():
    (told,) = equations(RnnStep(sum_h=0.5, h_before=-0.2, h=0.462), activation="tanh")
    assert told.symbols == r"h_t = \tanh(W\,[h_{t-1}, x_t] + b)"
    assert told.numbers == r"h_t = \tanh(0.500) = 0.462"
    assert "It was −0.2" in told.words
    (bent,) = equations(RnnStep(sum_h=-0.5, h_before=0.0, h=0.0), activation="relu")
    assert bent.numbers == r"h_t = \operatorname{relu}(-0.500) = 0"


def test_memory_in_words_names_what_the_cell_forgets_and_the_end_of_a_direction():
    short = measure_memory(trace_with(forget=np.full((24, 2), 0.5)))
    assert "half of their cell state" in describe(short, window_length=24)
    gru = describe(short, window_length=24, cell="gru")
    assert "half of their hidden state" in gru
    back = describe(short, window_length=24, backward=True)
    assert "newest of the 24 steps hardly reach the end of this direction" in back
    long = measure_memory(trace_with(forget=np.full((24, 2), 0.99)))
    assert "even the last of the 24 steps can still reach the end of this direction" in describe(
        long, window_length=24, backward=True
    )
    assert "no half-life" in describe(None, window_length=24, cell="rnn")
