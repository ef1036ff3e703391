"""`make clauses`: every clause of the standard with the tests that prove it."""

import sys
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

STANDARD = Path(__file__).parent / "standard" / "clauses.yaml"


def known() -> dict[str, str]:
    """Clause, or lettered item of one, -> what it asks of the software."""
    found = {}
    for row in yaml.safe_load(STANDARD.read_text()):
        found[row["id"]] = row["gist"]
        for letter in row.get("items", ()):
            found[f"{row['id']}.{letter}"] = f"{row['gist']}: {letter}"
    return found


class Collector:
    """A pytest plugin that notes which test proves which clause."""

    def __init__(self) -> None:
        self.proofs: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for mark in item.iter_markers("clause"):
                for clause in mark.args:
                    self.proofs[clause].add(item.nodeid.partition("[")[0])


def proofs() -> dict[str, set[str]]:
    """Clause -> the tests marked with it."""
    collector = Collector()
    status = pytest.main(["--collect-only", "-p", "no:terminal", "tests"], plugins=[collector])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise SystemExit("the tests cannot be collected: `pytest --collect-only` says why")
    return collector.proofs


def main() -> int:
    """Prints the table; non-zero where a test names a clause that does not exist."""
    found, clauses = proofs(), known()
    for clause, gist in clauses.items():
        tests = sorted(found.get(clause, ()))
        print(f"{clause:9} {gist}\n" + "".join(f"          - {test}\n" for test in tests or ["(no test yet)"]), end="")
    covered = sum(1 for clause in clauses if found.get(clause))
    print(f"\n{covered} of {len(clauses)} clauses and items have tests")
    if unknown := sorted(set(found) - set(clauses)):
        print(f"no such clause: {', '.join(unknown)}")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
