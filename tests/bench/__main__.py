"""`make bench`: speed and memory, as ratios within one run; Markdown tables on stdout. Close other work first.

`python -m tests.bench training slots` measures only these sections; `--help` lists them.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from tests.bench import contest, explaining, looking, million, slots, telling, web
from tests.bench.measure import HEAD, Section, Table

SECTIONS: dict[str, Section] = {
    "looking": looking.measure,  # a million points drawn
    "explaining": explaining.measure,  # every explanation, beside a predict loop and Captum
    "training": contest.measure,  # against plain Keras, PyTorch and Darts
    "telling": telling.measure,  # what events, snapshots, norms and the example cost
    "slots": slots.measure,  # four seeds on two slots
    "million": million.measure,  # every page on a million rows
    "web": web.measure,  # memory, page switches, the live chart
}


def parse(arguments: Sequence[str]) -> tuple[list[str], int]:
    """Which sections to measure, in their own order, and how many rounds."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="section", help=f"of {', '.join(SECTIONS)}; none: all")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side of a comparison")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.sections) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    return [name for name in SECTIONS if name in (chosen.sections or SECTIONS)], max(chosen.rounds, 1)


def run(sections: Sequence[str], rounds: int) -> bool:
    """Print the tables; return whether every target holds."""
    holds = True
    for name in sections:
        print(f"\n## {name}\n\n{HEAD}", flush=True)
        tables = []
        for figure in SECTIONS[name](rounds):
            if isinstance(figure, Table):
                tables.append(figure)
            else:
                holds &= figure.holds
                print(figure.row(), flush=True)
        for table in tables:
            print(f"\n{table.markdown()}", flush=True)
    return holds


if __name__ == "__main__":
    wanted = parse(sys.argv[1:])
    if (load := os.getloadavg()[0]) > 1:
        print(f"Other work is running (load {load:.1f}): the numbers below say too little.", file=sys.stderr)
    sys.exit(not run(*wanted))
