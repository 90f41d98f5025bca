"""What the options of a command mean, and how they go together with a spec."""

import json

import pytest

from lstm_core.cli.choices import read_choices
from lstm_core.errors import RunError, UserError
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.defaults import default_preparation
from lstm_core.series.cleaning.spec import Cleaning, LagStep
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource, load_source
from lstm_core.training.plan import TrainingPlan
from tests.core.cli.commands import TWO_COLUMNS, choose


def test_defaults_are_those_of_the_pages():
    series, spec = read_choices(choose("sample:macrodata"))
    same = load_source(SeriesSource(sample="macrodata"), lambda _: b"")
    assert series.fingerprint == same.fingerprint == spec.series_fingerprint
    assert spec.preparation == default_preparation(same, features=same.columns[1:])
    assert (spec.network, spec.plan) == (NetworkSpec(), TrainingPlan())


def test_target_and_features_are_taken_from_the_options(table):
    series, spec = read_choices(choose(str(table), target="rain", features="heat"))
    assert series.columns == ("rain", "heat")
    assert spec.preparation.columns == ("rain", "heat")
    _, alone = read_choices(choose(str(table), target="rain"))
    assert alone.preparation.columns == ("rain",)


def test_a_long_file_is_turned_as_on_the_page(tmp_path):
    path = tmp_path / "long.csv"
    rows = [
        f"{name},2020-01-{day:02d},{day + 100 * place}"
        for place, name in enumerate("AB")
        for day in range(1, 31)
    ]
    path.write_text("\n".join(["unique_id,ds,y", *rows]))
    series, spec = read_choices(choose(str(path), target="B", features="A"))
    assert series.columns == ("B", "A")
    assert series.values[0].tolist() == [101, 1]
    assert spec.preparation.columns == ("B", "A")


def test_set_changes_single_places_and_adds_a_layer():
    changes = ("network.layers.0.units=64", "network.layers.1.units=8", "plan.loss=mae", "plan.patience=null")
    _, spec = read_choices(choose(changes=changes, seed=7))
    assert spec.network.layers == (LayerSpec(units=64), LayerSpec(units=8))
    assert (spec.plan.loss, spec.plan.patience, spec.plan.seed) == ("mae", None, 7)


def test_a_spec_may_be_partial_and_options_win_over_it(tmp_path):
    path = tmp_path / "spec.json"
    path.write_text('{"plan": {"epochs": 3, "seed": 5}, "preparation": {"window": {"length": 9}}}')
    _, spec = read_choices(choose(spec=path, seed=6))
    assert (spec.plan.epochs, spec.plan.seed, spec.preparation.window.length) == (3, 6, 9)
    assert spec.preparation.window.horizon == 1


def test_a_whole_spec_comes_back_equal(tmp_path, table):
    changes = ("preparation.window.length=5", "network.layers.0.dropout=0.2")
    _, spec = read_choices(choose(str(table), target="rain", features="heat", changes=changes))
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(spec.model_dump(mode="json")))
    assert read_choices(choose(str(table), spec=path))[1] == spec


def test_a_spec_cleans_another_file_in_the_same_way(tmp_path, table):
    _, plain = read_choices(choose(str(table), target="rain"))
    roles = ColumnRoles(time="day", target="rain", features=("heat",))
    steps = Cleaning(steps=(LagStep(column="heat", rows=2),))
    kept = plain.cleaning.source.model_copy(update={"roles": roles, "cleaning": steps})
    path = tmp_path / "spec.json"
    path.write_text(json.dumps({"cleaning": {"source": kept.model_dump(mode="json")}}))
    later = tmp_path / "later.csv"
    later.write_text(TWO_COLUMNS.replace("2024-01", "2024-03"))
    series, spec = read_choices(choose(str(later), spec=path))
    assert series.columns == ("rain", "heat", "heat 2 back")
    assert series.column("heat 2 back")[2:5].tolist() == series.column("heat")[:3].tolist()
    assert spec.cleaning.source.cleaning == steps
    assert spec.cleaning.source.file_name == "later.csv"
    assert spec.preparation.features == ("heat", "heat 2 back")


def test_a_spec_keeps_the_inputs_it_chose_of_a_cleaned_series(tmp_path, table):
    _, whole = read_choices(choose(str(table), target="rain", features="heat"))
    given = whole.model_dump(mode="json")
    given["preparation"]["features"] = []
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(given))
    series, spec = read_choices(choose(str(table), spec=path))
    assert series.columns == ("rain", "heat")
    assert spec.preparation.features == ()


def test_a_spec_of_several_files_says_that_one_is_not_enough(tmp_path, table):
    _, whole = read_choices(choose(str(table), target="rain"))
    given = whole.model_dump(mode="json")
    given["cleaning"]["source"]["more"] = [{"sha256": "b" * 64, "file_name": "b.csv"}]
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(given))
    with pytest.raises(UserError, match="2 files joined on time, and here is one"):
        read_choices(choose(str(table), spec=path))


@pytest.mark.parametrize(
    "change",
    ["", "foo", "=3", "foo.bar=1", "network.layers.7.units=2", "network.layers.x.units=2", "plan.epochs.x=1"],
)
def test_a_set_without_a_place_is_refused(change):
    with pytest.raises(RunError, match="names no place"):
        read_choices(choose(changes=(change,)))
