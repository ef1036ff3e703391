"""What goes out by way of another system: marked before and after, tried again, given up in the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=2)
GIVE_UP = timedelta(days=3)
HELD = timedelta(minutes=5)  # longer than the other system may take


class Way(StrEnum):
    """How far something is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # the other side refused it for good, or nobody could be reached for days
    RETURNED = "returned"  # it was sent, and came back


@dataclass(kw_only=True)
class Outgoing:
    """One message of ours on its way."""

    written_at: datetime
    way: Way = Way.WAITING
    tries: int = 0
    due_at: datetime | None = None
    trouble: str = ""

    def take(self, now: datetime) -> None:
        """Somebody sends it now; should they die over it, it is due again."""
        self.way, self.tries, self.due_at = Way.SENDING, self.tries + 1, now + HELD

    def sent(self) -> None:
        self.way, self.due_at, self.trouble = Way.SENT, None, ""

    def fail(self, why: str) -> None:
        self.way, self.due_at, self.trouble = Way.FAILED, None, why

    def put_off(self, why: str, now: datetime) -> None:
        """Try again later, each time twice as late; give up after three days."""
        if now - self.written_at > GIVE_UP:
            self.fail(why)
            return
        pause = min(FIRST_PAUSE * 2 ** min(self.tries - 1, 16), LONGEST_PAUSE)
        self.way, self.due_at, self.trouble = Way.WAITING, now + pause, why
