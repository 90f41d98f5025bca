"""`make bench`: speed and memory, as ratios within one run; a Markdown table on stdout. Close other work first."""

import os
import sys

from tests.bench import looking, training, web
from tests.bench.measure import HEAD

if __name__ == "__main__":
    load = os.getloadavg()[0]
    if load > 1:
        print(f"Other work is running (load {load:.1f}): the numbers below say too little.", file=sys.stderr)
    print(HEAD, flush=True)
    holds = True
    for room in (looking, training, web):
        for measurement in room.measure():
            holds &= measurement.holds
            print(measurement.row(), flush=True)
    sys.exit(not holds)
