"""How tests call the command, in this process."""

from click.testing import CliRunner, Result

from lstm_core.cli import main
from lstm_core.cli.choices import Choices


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments])


def choose(source: str = "sample:sine", **options) -> Choices:
    given = {"target": None, "features": None, "spec": None, "changes": (), "seed": None, **options}
    return Choices(sources=(source,), **given)


TWO_COLUMNS = "day,heat,rain\n" + "\n".join(f"2024-01-{day:02},{day % 7},{day % 3}" for day in range(1, 31))
