"""Write the files of this folder and what each must be read as: `python -m tests.files.make`.

The numbers are made up. The shapes are those of exports that people really have. Nothing here uses the reader: the
truth is known before the text is written.
"""

import json
from pathlib import Path

from tests.files.banks_and_offices import banks_and_offices
from tests.files.cases import CASES
from tests.files.meters_and_sensors import meters_and_sensors
from tests.files.people_and_phones import people_and_phones
from tests.files.web_and_markets import web_and_markets

FOLDER = Path(__file__).parent


def write() -> None:
    """Write every file and the expectations."""
    for build in (banks_and_offices, web_and_markets, meters_and_sensors, people_and_phones):
        build()
    for one in CASES:
        (FOLDER / one.name).write_bytes(one.text.encode(one.encoding))
    expected = {
        one.name: {
            key: getattr(one, key)
            for key in ("dates", "values", "target", "unit", "roles", "options", "asks", "refused")
        }
        for one in CASES
    }
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=0, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write()
