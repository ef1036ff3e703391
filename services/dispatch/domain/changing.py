"""What changes and counts its changes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(kw_only=True)
class Changing:
    """`version` counts every change from 1, so that a reader of events can drop what is older."""

    changed_at: datetime
    version: int = 1

    def touch(self, now: datetime) -> None:
        self.version += 1
        self.changed_at = now
