"""Named points where a test may kill this process, to prove that nothing depends on what comes after."""

import os
import signal
import sys

from shared.config import settings

POINTS = ("before_commit", "after_commit", "after_publish", "before_ack")


def crash_point(name: str) -> None:
    """Die here by SIGKILL if CRASH_AT is `name`, once for each service and home."""
    given = settings()
    if given.crash_at != name:
        return
    mark = given.home / f"crashed-{sys.argv[-1]}-{name}"
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
