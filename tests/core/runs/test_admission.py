"""What may start is decided from the choices, at once and with numbers."""

import pytest

from lstm_core.errors import NetworkError, PreparationError
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import WindowSpec, prepare
from lstm_core.runs.admission import admit
from lstm_core.settings import Settings
from lstm_core.training.plan import TrainingPlan

LIMITS = Settings(store_url="sqlite://")


def change(spec, **changes):
    return spec.model_copy(update=changes)


def test_a_sensible_run_is_admitted_with_its_numbers(spec, series):
    admission = admit(spec, series, LIMITS)
    assert admission.n_windows == len(prepare(series, spec.preparation).train)
    assert admission.cost.parameters == 4 * (4 * (4 + 1) + 4) + 5
    assert admission.notes == ()


@pytest.mark.parametrize(
    ("network", "plan", "limits"),
    [
        (
            NetworkSpec(layers=(LayerSpec(units=512),) * 3),
            TrainingPlan(batch_size=4096),
            {"memory_budget_mb": 64},
        ),
        (
            NetworkSpec(layers=(LayerSpec(units=512),) * 3),
            TrainingPlan(epochs=10_000, batch_size=1, patience=None),
            {"wall_limit_seconds": 60},
        ),
    ],
)
def test_b116_what_cannot_fit_is_refused_before_anything_is_built(
    spec, series, network, plan, limits, monkeypatch
):
    monkeypatch.setattr("lstm_core.preparation.windows.prepare", None)
    monkeypatch.setattr("lstm_core.recipe.prepare.frame_windows", None)
    with pytest.raises(NetworkError, match="Expected: at most"):
        admit(change(spec, network=network, plan=plan), series, LIMITS.model_copy(update=limits))


def test_a_logarithm_of_what_is_not_positive_is_refused_before_it_waits_for_a_slot(spec, series):
    assert (series.values <= 0).any()
    preparation = spec.preparation.model_copy(update={"transform": TransformSpec(power="log")})
    with pytest.raises(PreparationError, match="logarithm"):
        admit(spec.model_copy(update={"preparation": preparation}), series, Settings())


def test_differences_cost_windows(spec, series):
    preparation = spec.preparation.model_copy(update={"transform": TransformSpec(seasonal_lag=5)})
    changed = spec.model_copy(update={"preparation": preparation})
    assert admit(changed, series, Settings()).n_windows == len(prepare(series, preparation).train)
    assert admit(changed, series, Settings()).n_windows == admit(spec, series, Settings()).n_windows - 5


def test_b106_a_window_that_does_not_fit_is_refused(spec, series):
    preparation = change(spec.preparation, window=WindowSpec(length=500))
    with pytest.raises(PreparationError, match="do not fit"):
        admit(change(spec, preparation=preparation), series, LIMITS)


@pytest.mark.parametrize(
    ("network", "plan", "words"),
    [
        (NetworkSpec(), TrainingPlan(batch_size=2000), "A batch of 2000 is larger than"),
        (NetworkSpec(), TrainingPlan(epochs=21, patience=21), "never stops early"),
        (NetworkSpec(layers=(LayerSpec(activation="relu"),)), TrainingPlan(clipnorm=None), "often diverges"),
    ],
)
def test_b117_b124_what_is_unwise_is_allowed_and_said(spec, series, network, plan, words):
    (note,) = admit(change(spec, network=network, plan=plan), series, LIMITS).notes
    assert words in note


@pytest.mark.parametrize("epochs", [5, 20])
def test_that_a_short_training_never_stops_early_is_no_warning(spec, series, epochs):
    admission = admit(change(spec, plan=TrainingPlan(epochs=epochs, patience=20)), series, LIMITS)
    assert admission.notes == ()
    (aside,) = admission.asides
    assert "never stops early" in aside
    assert str(epochs) in aside


def test_what_stops_early_or_was_told_not_to_needs_no_word(spec, series):
    for plan in (TrainingPlan(epochs=100, patience=99), TrainingPlan(epochs=100, patience=None)):
        admission = admit(change(spec, plan=plan), series, LIMITS)
        assert (admission.notes, admission.asides) == ((), ())


def test_f34_padded_windows_count_and_are_told_when_nothing_skips_the_padding(spec, series):
    window = spec.preparation.window.model_copy(update={"padding": True, "stride": 1})
    padded = change(spec, preparation=spec.preparation.model_copy(update={"window": window}))
    admission = admit(padded, series, LIMITS)
    assert admission.n_windows == len(prepare(series, padded.preparation).train)
    assert any("padded windows for data" in note for note in admission.notes)
    masked = admit(change(padded, network=spec.network.model_copy(update={"masking": True})), series, LIMITS)
    assert masked.notes == ()
