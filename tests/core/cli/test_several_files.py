"""Several files on the command line: joined on time, or one under the other."""

import json
from pathlib import Path

import pytest

from lstm_core.cli.choices import Choices, read_choices
from lstm_core.errors import UserError
from tests.core.cli.commands import call

SALES = "date,sales\n" + "".join(f"2020-01-{day:02d},{day}\n" for day in range(1, 31))
RAIN = "date;rain\n" + "".join(f"2020-01-{day:02d};{day},5\n" for day in range(6, 32))


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, ...]:
    paths = tmp_path / "sales.csv", tmp_path / "rain.csv"
    for path, text in zip(paths, (SALES, RAIN), strict=True):
        path.write_text(text)
    return tuple(map(str, paths))


def join(names: tuple[str, ...], **options) -> Choices:
    given = {"target": None, "features": None, "spec": None, "changes": (), "seed": None, **options}
    return Choices(sources=names, **given)


@pytest.mark.parametrize(
    ("how", "columns", "n_rows"),
    [(None, ("sales", "rain"), 25), ("inner", ("rain", "sales"), 25), ("nearest-before", ("sales",), 30)],
)
def test_several_files_are_joined_on_time(two, how, columns, n_rows):
    series, spec = read_choices(join(two, how=how, target=columns[0], features=",".join(columns[1:])))
    assert (series.columns, series.n_rows) == (columns, n_rows)
    assert spec.cleaning is not None
    assert [file.file_name for file in spec.cleaning.source.files] == ["sales.csv", "rain.csv"]


def test_files_are_put_one_under_the_other(tmp_path, two):
    later = tmp_path / "later.csv"
    later.write_text(SALES.replace("2020-01", "2020-03"))
    series, _ = read_choices(join((two[0], str(later)), how="stack"))
    assert (series.n_rows, str(series.index[-1].date())) == (60, "2020-03-30")


def test_the_age_of_values_and_repeated_dates_are_taken_from_the_options(tmp_path, two):
    twice = tmp_path / "twice.csv"
    twice.write_text(SALES + "2020-01-30,50\n")
    with pytest.raises(UserError, match="2020-01-30"):
        read_choices(join((str(twice), two[1]), how="inner"))
    series, _ = read_choices(join((str(twice), two[1]), how="inner", repeated="mean", target="sales"))
    assert series.values[-1, 0] == 40
    options = {"how": "nearest-before", "target": "sales"}
    _, spec = read_choices(join(two, **options, oldest="2 days"))
    assert spec.cleaning is not None
    assert (spec.cleaning.source.join.tolerance, spec.cleaning.source.join.tolerance_unit) == (2, "days")


@pytest.mark.parametrize(
    ("names", "options", "said"),
    [
        ((0, "sample:sine"), {}, "cannot be joined with other series"),
        ((0,), {"how": "inner"}, "nothing to join it with"),
        ((0, 1), {"oldest": "3 days"}, "needs --join nearest-before"),
        ((0, 1), {"how": "nearest-before", "oldest": "soon"}, "is no age"),
    ],
)
def test_a_join_that_cannot_be_is_refused(two, names, options, said):
    given = tuple(two[name] if isinstance(name, int) else name for name in names)
    with pytest.raises(UserError, match=said):
        read_choices(join(given, **options))


def test_a_spec_of_several_files_reads_as_many_again_in_its_own_way(tmp_path, two):
    first, whole = read_choices(join(two, how="nearest-before", target="sales"))
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(whole.model_dump(mode="json")))
    again, spec = read_choices(join(two, spec=path))
    assert again.fingerprint == first.fingerprint
    assert spec == whole
    assert "--join" in call("run", "--help").output
