"""How `make test` shares the tests out among processes: what shares a running system stays together, longest first."""

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

DATABASES = ("sqlite", "postgresql")
TOGETHER = ("tests/browser/", "tests/flow/", "tests/integration/cli/")
OF_THEIR_OWN = {  # they start systems of their own
    f"tests/flow/test_{name}.py"
    for name in ("clocks", "deadlines", "http", "mail", "own_channels", "scaling", "starting", "targets", "wecom")
}
LONGEST = (
    "tests/chaos/", "tests/browser/", "tests/flow/test_scaling.py", "tests/flow/", "tests/integration/local/",
    "tests/integration/",
)  # fmt: skip


def unit(nodeid: str) -> str:
    """The tests that one process runs together: a folder whose tests share a running system, or else what of a file
    uses one kind of database. Where this is not well cut, a run takes longer, and that is all.
    """
    file, _, test = nodeid.partition("::")
    if file.startswith(TOGETHER) and file not in OF_THEIR_OWN:
        return "tests/browser/" if file.startswith("tests/browser/") else "tests/flow/"
    given = test.partition("[")[2].rstrip("]").split("-")
    return "::".join([file, *(database for database in DATABASES if database in given)])


class Scheduling(LoadScopeScheduling):
    """Gives out the longest unit that is left, lest one process work on alone at the end."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)

    def remove_node(self, node: WorkerController) -> str | None:
        """A test that ended its process has failed; the rest is given out again, without what is done."""
        workload = self.assigned_work[node]
        left = [(tests, test) for tests in workload.values() for test, done in tests.items() if not done]
        for tests, test in left[:1]:
            tests[test] = True
        self.assigned_work[node] = {name: tests for name, tests in workload.items() if not all(tests.values())}
        super().remove_node(node)
        return left[0][1] if left else None

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(min(self.workqueue, key=_rank), last=False)
        super()._assign_work_unit(node)


def _rank(name: str) -> int:
    return next((n for n, place in enumerate(LONGEST) if name.startswith(place)), len(LONGEST))
