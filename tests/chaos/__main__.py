"""`make chaos N=2000 SEED=7`: needs under faults, at length."""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.chaos.run import Chaos


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite instead of PostgreSQL")
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    with tempfile.TemporaryDirectory(prefix="nqi-chaos-") as home:
        verdict = Chaos(Path(home), seed, on_postgresql=not given.sqlite).run(given.needs)
    for error in verdict.errors:
        print(error)
    for trouble in verdict.refused + verdict.lost + verdict.doubled:
        print(trouble)
    print(", ".join(f"{name} {count}" for name, count in sorted(verdict.faults.items())))
    print(f"{verdict.seconds:.0f} s")
    print(verdict)
    return 1 if verdict.lost or verdict.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
