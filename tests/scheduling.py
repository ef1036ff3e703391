"""How `make test` shares the tests out among processes: what shares a running system stays together, longest first."""

import pytest
from xdist.scheduler import LoadScopeScheduling

DATABASES = ("sqlite", "postgresql")
TOGETHER = {  # what is in these places uses one running system; elsewhere a file is on its own
    "browser": ("tests/browser/",),
    "journeys": (
        "tests/flow/test_appointments.py", "tests/flow/test_following.py", "tests/flow/test_journey.py",
        "tests/flow/test_open311.py", "tests/flow/test_ways.py", "tests/integration/cli/",
    ),
}  # fmt: skip
LONGEST = (
    "tests/chaos/", "browser", "tests/flow/test_scaling.py", "journeys", "tests/flow/test_http.py",
    "tests/integration/local/", "tests/integration/bus/", "tests/flow/", "tests/integration/",
)  # fmt: skip


def unit(nodeid: str) -> str:
    """The tests that one process runs together: a group, or what of a file uses one kind of database."""
    file, _, test = nodeid.partition("::")
    for name, places in TOGETHER.items():
        if file.startswith(places):
            return name
    given = test.partition("[")[2].rstrip("]").split("-")
    return "::".join([file, *(database for database in DATABASES if database in given)])


class Scheduling(LoadScopeScheduling):
    """Gives out the longest unit that is left, lest one process work on alone at the end."""

    def __init__(self, config: pytest.Config, log: object) -> None:
        super().__init__(config, log)  # type: ignore[arg-type]

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)

    def _assign_work_unit(self, node: object) -> None:
        def rank(name: str) -> int:
            return next((n for n, place in enumerate(LONGEST) if name.startswith(place)), len(LONGEST))

        self.workqueue.move_to_end(min(self.workqueue, key=rank), last=False)
        super()._assign_work_unit(node)  # type: ignore[arg-type]
