"""Instant messages without a database."""

from copy import deepcopy
from datetime import datetime

from services.intake.domain.chats import Chat, Fate, Person, Reply
from tests.fakes import FakeWork


class FakeChats:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _people(self) -> dict[str, Person]:
        return self._work.kept.setdefault("chat people", {})

    @property
    def _chats(self) -> dict[str, Chat]:
        return self._work.kept.setdefault("chats", {})

    @property
    def _replies(self) -> dict[str, Reply]:
        return self._work.kept.setdefault("chat replies", {})

    def person(self, user: str) -> Person:
        return deepcopy(self._people.setdefault(f"key of {user}", Person(key=f"key of {user}", user=user)))

    def put_person(self, person: Person) -> None:
        self._people[person.key] = deepcopy(person)

    def get(self, message_id: str) -> Chat | None:
        return deepcopy(self._chats.get(message_id))

    def add(self, chat: Chat) -> None:
        self._chats[chat.message_id] = deepcopy(chat)

    put = add

    def _sorted(self) -> list[Chat]:
        return deepcopy(sorted(self._chats.values(), key=lambda one: (one.arrived_at, one.message_id)))

    def waiting(self, person: str) -> list[Chat]:
        return [one for one in self._sorted() if one.person == person and one.fate is Fate.WAITING]

    def left_waiting(self, before: datetime) -> str:
        left = {one.person for one in self._sorted() if one.fate is Fate.WAITING and one.arrived_at < before}
        return self._people[min(left)].user if left else ""

    def last_about(self, person: str) -> Chat | None:
        about = [
            one
            for one in self._sorted()
            if one.person == person and one.fate in (Fate.NEED, Fate.ADDED) and not one.over
        ]
        return about[-1] if about else None

    def end(self, request_id: str) -> None:
        for one in self._chats.values():
            one.over = one.over or one.request_id == request_id

    def of_request(self, request_id: str) -> list[Chat]:
        return [one for one in self._sorted() if one.request_id == request_id]

    def add_reply(self, reply: Reply) -> bool:
        if any(one.fact == reply.fact for one in self._replies.values()):
            return False
        self._replies[reply.reply_id] = deepcopy(reply)
        return True

    def put_reply(self, reply: Reply) -> None:
        self._replies[reply.reply_id] = deepcopy(reply)

    def due(self, now: datetime) -> Reply | None:
        due = [one for one in self._replies.values() if one.due_at and one.due_at <= now]
        return deepcopy(min(due, key=lambda one: one.due_at)) if due else None

    def replies_of(self, request_id: str) -> list[Reply]:
        found = [one for one in self._replies.values() if one.request_id == request_id]
        return deepcopy(sorted(found, key=lambda one: (one.written_at, one.reply_id)))
