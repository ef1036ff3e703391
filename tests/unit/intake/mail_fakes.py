"""Mails and letters without a database; tests/integration/intake keeps them honest."""

from copy import deepcopy
from datetime import datetime

from services.intake.domain.letters import Letter
from services.intake.domain.mails import Fate, Taken
from shared.access import EVERYWHERE
from tests.fakes import FakeWork


class FakeMails:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Taken]:
        return self._work.kept.setdefault("mails", {})

    @property
    def _begun(self) -> dict[str, tuple[int, datetime | None]]:
        return self._work.kept.setdefault("deliveries", {})

    def add(self, taken: Taken) -> bool:
        if self.by_message_id(taken.message_id):
            return False
        self._kept[taken.mail_id] = deepcopy(taken)
        return True

    def get(self, mail_id: str) -> Taken | None:
        return deepcopy(self._kept.get(mail_id))

    def by_message_id(self, message_id: str) -> Taken | None:
        return deepcopy(next((one for one in self._kept.values() if one.message_id == message_id), None))

    def put(self, taken: Taken) -> None:
        self._kept[taken.mail_id] = deepcopy(taken)

    def since(self, sender: str, moment: datetime) -> int:
        return sum(one.sender == sender and one.arrived_at > moment for one in self._kept.values())

    def last_request_of(self, sender: str) -> str:
        own = [one for one in self._kept.values() if one.sender == sender and one.request_id]
        needs = [one for one in own if one.fate is Fate.NEED]
        return max(needs, key=lambda one: one.mail_id).request_id if needs else ""

    def page(self, fates: tuple[str, ...], parks: tuple[str, ...], after: str, limit: int) -> list[Taken]:
        found = [one for one in self._of(fates, parks) if not after or one.mail_id < after]
        return deepcopy(sorted(found, key=lambda one: one.mail_id, reverse=True)[:limit])

    def count(self, fate: str, parks: tuple[str, ...]) -> int:
        return len(self._of((fate,), parks))

    def _of(self, fates: tuple[str, ...], parks: tuple[str, ...]) -> list[Taken]:
        return [
            one
            for one in self._kept.values()
            if one.fate in fates and (EVERYWHERE in parks or one.park in ("", *parks))
        ]

    def of_request(self, request_id: str) -> list[Taken]:
        told = (Fate.NEED, Fate.ADDED)
        found = [one for one in self._kept.values() if one.request_id == request_id and one.fate in told]
        return deepcopy(sorted(found, key=lambda one: one.mail_id))

    def begin(self, delivery: str, now: datetime, until: datetime) -> int:
        tries, held = self._begun.get(delivery, (0, None))
        if held and held > now:
            return 0
        self._begun[delivery] = tries + 1, until
        return tries + 1

    def let_go(self, delivery: str, again: bool) -> None:
        tries, _ = self._begun.pop(delivery)
        if again:
            self._begun[delivery] = tries - 1, None


class FakeLetters:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Letter]:
        return self._work.kept.setdefault("letters", {})

    def add(self, letter: Letter) -> bool:
        if any(one.fact == letter.fact for one in self._kept.values()):
            return False
        self._kept[letter.letter_id] = deepcopy(letter)
        return True

    def get(self, letter_id: str) -> Letter | None:
        return deepcopy(self._kept.get(letter_id))

    def put(self, letter: Letter) -> None:
        self._kept[letter.letter_id] = deepcopy(letter)

    def by_message_id(self, message_id: str) -> Letter | None:
        return deepcopy(next((one for one in self._kept.values() if one.message_id == message_id), None))

    def due(self, now: datetime) -> Letter | None:
        due = [one for one in self._kept.values() if one.due_at and one.due_at <= now]
        return deepcopy(min(due, key=lambda one: (one.due_at, one.letter_id), default=None))

    def of_request(self, request_id: str) -> list[Letter]:
        found = [one for one in self._kept.values() if one.request_id == request_id]
        return deepcopy(sorted(found, key=lambda one: one.letter_id))
