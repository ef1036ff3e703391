"""Intake's transaction without a database; tests/integration/intake keeps it honest."""

from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from services.intake.domain.chats import Manners
from services.intake.domain.clients import Client
from services.intake.domain.consents import Consent
from services.intake.domain.files import File
from services.intake.domain.mails import Addresses
from services.intake.domain.parks import number
from services.intake.domain.requests import Request
from services.intake.domain.traces import traces
from services.intake.domain.visits import Line, Stage, State, Visits
from shared.access import EVERYWHERE
from shared.contracts.intake import ClientLine, NeedSubmitted
from tests.fakes import FakeWork
from tests.unit.intake.fake_chats import FakeChats
from tests.unit.intake.mail_fakes import FakeLetters, FakeMails


class FakeParks:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    def all(self) -> list[str]:
        return sorted(self._work.kept.get("parks", {}))

    def shorts(self) -> dict[str, str]:
        return dict(sorted(self._work.kept.get("parks", {}).items()))

    def put(self, park: str, short: str) -> None:
        self._work.kept.setdefault("parks", {})[park] = short

    def next_number(self, park: str, year: int) -> str | None:
        short = self._work.kept.get("parks", {}).get(park)
        if short is None:
            return None
        numbers = self._work.kept.setdefault("numbers", {})
        numbers[park, year] = numbers.get((park, year), 0) + 1
        return number(short, year, numbers[park, year])


class FakeRequests:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Request]:
        return self._work.kept.setdefault("requests", {})

    def add(self, request: Request) -> None:
        self._kept[request.request_id] = request

    identify = add

    def get(self, request_id: str) -> Request | None:
        return self._kept.get(request_id)

    def by_number(self, number: str) -> Request | None:
        return next((one for one in self._kept.values() if one.number == number), None)

    def of_client(self, credit_code: str, parks: tuple[str, ...], after: str = "", limit: int = 500) -> list[Request]:
        found = [
            one
            for one in self._kept.values()
            if one.credit_code == credit_code
            and (EVERYWHERE in parks or one.park in parks)
            and (not after or one.request_id < after)
        ]
        return sorted(found, key=lambda one: one.request_id, reverse=True)[:limit]


class FakeClients:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Client]:
        return self._work.kept.setdefault("clients", {})

    def meet(self, client: Client) -> None:
        self._kept.setdefault(client.credit_code, client)

    def rename(self, credit_code: str, name: str) -> None:
        known = self._kept[credit_code]
        self._kept[credit_code] = Client(credit_code=credit_code, name=name, known_since=known.known_since)

    def get(self, credit_code: str) -> Client | None:
        return self._kept.get(credit_code)

    def page(self, search: str, parks: tuple[str, ...], after: str, limit: int) -> list[ClientLine]:
        lines = []
        for client in sorted(self._kept.values(), key=lambda one: one.credit_code):
            own = [
                one
                for one in self._work.kept.get("requests", {}).values()
                if one.credit_code == client.credit_code
                and (EVERYWHERE in parks or one.park in parks)
                and any(search.lower() in text.lower() for text in (client.name, client.credit_code, one.company))
            ]
            if own and client.credit_code > after:
                last = max(one.received_at for one in own)
                lines.append(
                    ClientLine(credit_code=client.credit_code, name=client.name, requests=len(own), last_at=last)
                )
        return lines[:limit]


class FakeConsents:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Consent]:
        return self._work.kept.setdefault("consents", {})

    def add(self, consent: Consent) -> None:
        self._kept[consent.consent_id] = deepcopy(consent)

    put = add

    def get(self, consent_id: str) -> Consent | None:
        return deepcopy(self._kept.get(consent_id))

    def of_requests(self, request_ids: list[str]) -> list[Consent]:
        found = [one for one in self._kept.values() if one.request_id in request_ids]
        return deepcopy(sorted(found, key=lambda one: one.consent_id))


class FakeFiles:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, File]:
        return self._work.kept.setdefault("files", {})

    def add(self, file: File) -> None:
        self._kept[file.file_id] = deepcopy(file)

    put = add

    def get(self, file_ids: Iterable[str]) -> list[File]:
        return deepcopy([self._kept[one] for one in file_ids if one in self._kept])

    def of_request(self, request_id: str) -> list[File]:
        found = [one for one in self._kept.values() if one.request_id == request_id]
        return deepcopy(sorted(found, key=lambda one: one.file_id))

    def of_mail(self, mail_id: str) -> list[File]:
        held = [one for one in self._kept.values() if one.mail_id == mail_id and one.request_id is None]
        return deepcopy(sorted(held, key=lambda one: one.file_id))

    def forget_unclaimed(self, before: datetime, most: int) -> int:
        free = [one for one in self._kept.values() if one.request_id is None and one.mail_id is None]
        due = [one.file_id for one in free if one.added_at < before][:most]
        for file_id in due:
            del self._kept[file_id]
        return len(due)

    def unknown(self, hashes: Iterable[str]) -> list[str]:
        known = {one.sha256 for one in self._kept.values()}
        return [sha256 for sha256 in hashes if sha256 not in known]


class FakeSubmissions:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    def get(self, command_id: str) -> NeedSubmitted | None:
        return self._work.kept.get("submissions", {}).get(command_id)


class FakeVisitLists:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Visits]:
        return self._work.kept.setdefault("visit lists", {})

    @property
    def _marks(self) -> dict[str, str]:
        return self._work.kept.setdefault("visit marks", {})

    def _lines(self, list_id: str) -> dict[int, Line]:
        return self._work.kept.setdefault("visit lines", {}).setdefault(list_id, {})

    def add(self, visits: Visits) -> None:
        self._kept[visits.list_id] = deepcopy(visits)

    put = add

    def get(self, list_id: str) -> Visits | None:
        return deepcopy(self._kept.get(list_id))

    def latest(self, parks: tuple[str, ...], limit: int) -> list[Visits]:
        found = [
            one
            for one in self._kept.values()
            if one.stage is not Stage.DROPPED and (EVERYWHERE in parks or one.park in parks)
        ]
        return deepcopy(sorted(found, key=lambda one: one.added_at, reverse=True)[:limit])

    def running(self) -> Visits | None:
        found = sorted(one.list_id for one in self._kept.values() if one.stage is Stage.RUNNING)
        return self.get(found[0]) if found else None

    def counts(self, list_id: str) -> dict[str, int]:
        return dict(Counter(line.state for line in self._lines(list_id).values()))

    def add_lines(self, list_id: str, lines: list[Line]) -> None:
        for line in lines:
            self.put_line(list_id, line)

    def put_line(self, list_id: str, line: Line) -> None:
        self._lines(list_id)[line.row] = deepcopy(line)

    def lines(self, list_id: str, state: str = "", after: int = 0, limit: int = 100) -> list[Line]:
        found = [one for _, one in sorted(self._lines(list_id).items()) if one.row > after]
        return deepcopy([one for one in found if not state or one.state == state][:limit])

    def marks(self, list_id: str) -> set[str]:
        return {line.mark for line in self._lines(list_id).values() if line.state is not State.WRONG}

    def taken(self, marks: list[str]) -> dict[str, str]:
        return {mark: self._marks[mark] for mark in marks if mark in self._marks}

    def claim(self, mark: str, now: datetime) -> bool:
        if mark in self._marks:
            return False
        self._marks[mark] = ""
        return True

    def settle(self, mark: str, number: str) -> None:
        self._marks[mark] = number

    def forget(self, old: datetime, unconfirmed: datetime) -> int:
        stale = [
            one
            for one in self._kept.values()
            if one.stage in (Stage.READING, Stage.PREVIEW) and one.added_at < unconfirmed
        ]
        for one in stale:
            one.stage = Stage.DROPPED
        for one in self._kept.values():
            if one.stage is Stage.DROPPED or (one.stage is Stage.DONE and one.added_at < old):
                for line in self._lines(one.list_id).values():
                    line.given = None
        return len(stale)


class FakeIntake(FakeWork):
    """Knows the park tianan."""

    file_mb, request_mb = 1, 2
    manners = Manners(park="tianan", ask=timedelta(minutes=10), follow=timedelta(hours=4))
    site = "https://station.example.com"
    addresses = Addresses(station="station@example.com", parks={"juda@example.com": "juda"})

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.parks, self.requests = FakeParks(self), FakeRequests(self)
        self.clients, self.consents, self.files = FakeClients(self), FakeConsents(self), FakeFiles(self)
        self.chats = FakeChats(self)
        self.submissions, self.visits = FakeSubmissions(self), FakeVisitLists(self)
        self.traces = FakeTraces(self)
        self.mails, self.letters = FakeMails(self), FakeLetters(self)
        self.parks.put("tianan", "天安")

    def new_id(self) -> str:
        return f"id-{next(self._ids):06d}"


class FakeTraces:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Request]:
        return self._work.kept.setdefault("traces", {})

    def put(self, request: Request) -> None:
        self._kept[request.request_id] = request

    def same_contact(self, request: Request, most: int) -> list[str]:
        mine = set(traces(request.contact))
        found = [
            one.request_id
            for one in self._kept.values()
            if one.request_id != request.request_id and one.park == request.park and mine & set(traces(one.contact))
        ]
        return sorted(found, reverse=True)[:most]
