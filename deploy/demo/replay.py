"""Plays needs through the API that people use, every step of clients and staff, to their right endings."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from deploy.cli.http import Api, Refused, Unreachable

BY_STAFF = ("phone", "visit", "window", "letter", "email", "im")
ENDED = ("sealed", "answered", "merged", "refused", "withdrawn")
NO_NEED = "您好，服务站的开放时间和地点请看本园区服务站页面的“不想打字”一栏，也欢迎来电询问。"
TRIES = 12  # times a declined assessment is changed and tried again
POLL_SECONDS = 0.05


class Malformed(Exception):
    """A line of the file is no need; `line` counts from 1."""

    def __init__(self, line: int, why: str) -> None:
        self.line = line
        super().__init__(f"line {line}: {why}")


@dataclass(frozen=True, kw_only=True)
class Need:
    """One line of a needs file."""

    id: str
    channel: str
    park: str
    company: str
    text: str
    category: str | None
    item: str | None
    duplicate_of: str = ""
    also: Sequence[str] = ()  # categories of what else the text asks for, in its order
    details: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, number: int, line: str) -> "Need":
        """Raises Malformed with the line's number and what is wrong with it."""
        try:
            given = json.loads(line)
        except ValueError as error:
            raise Malformed(number, f"no JSON ({error})") from error
        if not isinstance(given, dict):
            raise Malformed(number, "no JSON object")
        for name in ("id", "channel", "park", "company", "text"):
            if not isinstance(given.get(name), str) or not given[name]:
                raise Malformed(number, f"`{name}` must be a text")
        for name in ("category", "item"):
            if not isinstance(given.get(name), str | None):
                raise Malformed(number, f"`{name}` must be a text or null")
        if not isinstance(given.get("also", []), list):
            raise Malformed(number, "`also` must be a list of categories")
        known = {name: given[name] for name in cls.__dataclass_fields__ if name in given}
        return cls(**{"category": None, "item": None, **known})


@dataclass(frozen=True)
class Told:
    """What whoever sent the need was told; staff who wrote it down were not told the code."""

    number: str
    code: str = ""


Way = Callable[[Need, str], Told]  # sends a need as its channel does; the key makes it one, however often it is sent


@dataclass(kw_only=True)
class Played:
    """What became of one need."""

    need: Need
    turn: int = 0  # how many needs of the same item come before it: each asks for days of its own
    number: str = ""
    code: str = ""
    item_id: str = ""
    target: str = ""
    stages: list[str] = field(default_factory=list)
    seconds: float = 0.0
    trouble: str = ""
    others: list["Played"] = field(default_factory=list)  # what else the same text asks for

    @property
    def finished(self) -> bool:
        """It came to its right ending, and so did what else it asked for."""
        wanted = "merged" if self.need.duplicate_of else "sealed" if self.need.category else "answered"
        whole = len(self.others) == len(self.need.also)
        return self.stages[-1:] == [wanted] and whole and all(one.finished for one in self.others)


def read(lines: Iterable[str]) -> Iterator[Need | Malformed]:
    """Each line as a need, or as what is wrong with it; empty lines are passed over."""
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            need = Need.read(number, line)
            if need.id in seen:
                raise Malformed(number, f"`id` {need.id} was used before")
            seen.add(need.id)
            yield need
        except Malformed as wrong:
            yield wrong


class Player:
    """Plays many needs at once. Each step has a key made of the run and the need, so a run can be taken up again.

    A need is sent by its channel's own way if `ways` has it, else by the API.
    """

    def __init__(
        self, api: Api, run: str, jobs: int = 8, patience: float = 120, ways: Mapping[str, Way] | None = None
    ) -> None:
        self._api, self._run, self._jobs, self._patience = api, run, jobs, patience
        self._ways = ways or {}
        self._played: dict[str, Played] = {}
        self._forms: dict[str, dict[str, Any]] = {}

    def play(self, needs: list[Need], done: Callable[[Played], None] = lambda _: None) -> list[Played]:
        """All of them, in the file's order; `done` is called as each ends, from several threads."""
        self._played = {}
        before: Counter[str | None] = Counter()
        for need in needs:
            self._played[need.id] = Played(need=need, turn=before[need.item])
            before[need.item] += 1
        # A duplicate comes right after the one it repeats: each waits for the other, and not all threads may wait.
        order = [
            one
            for played in self._played.values()
            if played.need.duplicate_of not in self._played
            for one in (played, *self._duplicates(played))
        ]
        with ThreadPoolExecutor(self._jobs) as pool:
            for _ in pool.map(lambda played: self._play_one(played, done), order):
                pass
        return list(self._played.values())

    def _play_one(self, played: Played, done: Callable[[Played], None]) -> None:
        begun = time.monotonic()
        try:
            self._journey(played)
        except (Refused, Unreachable, TimeoutError) as error:
            played.trouble = str(error)
        played.seconds = time.monotonic() - begun
        done(played)

    def _journey(self, played: Played) -> None:
        need = played.need
        self._submit(played)
        item = self._await(played, lambda item: True)
        if item["stage"] == "received":
            self._step(played, "accept", {}, "accept")
        if need.duplicate_of:
            first = self._played.get(need.duplicate_of)
            self._until(lambda: first is None or first.number, f"{need.duplicate_of} has no number")
            self._step(played, "merge", {"into": first.number if first else ""}, "merge")
        elif need.category is None or need.item is None:
            self._step(played, "answer", {"answer": NO_NEED}, "answer")
        else:
            self._split(played)
            for one in (played, *played.others):
                self._serve(one)
            # What is over takes no other need in.
            merged = lambda: all(one.trouble or one.stages[-1:] == ["merged"] for one in self._duplicates(played))  # noqa: E731
            self._until(merged, f"{need.id} waits for its duplicates")
            for one in (played, *played.others):
                self._rate(one)
        for one in (played, *played.others):
            self._await(one, lambda item: item["stage"] in ENDED)

    def _duplicates(self, played: Played) -> list[Played]:
        return [one for one in self._played.values() if one.need.duplicate_of == played.need.id]

    def _submit(self, played: Played) -> None:
        need = played.need
        if way := self._ways.get(need.channel):
            sent = way(need, self._key(need, "submit"))
            played.number, played.code = sent.number, sent.code
            return
        body = {
            "park": need.park, "text": need.text, "company": need.company, "channel": need.channel,
            "contact_name": "张先生", "phone": "13900000000",
            **({"occasion": {"place": need.company}} if need.channel == "visit" else {}),
        }  # fmt: skip
        told = self._api.post("/requests", body, key=self._key(need, "submit"), public=need.channel not in BY_STAFF)
        played.number, played.code = told["number"], told["code"]

    def _split(self, played: Played) -> None:
        """An item for each thing that the text asks for, worded as is suggested."""
        need = played.need
        if not need.also:
            return
        items = self._items(played)
        if len(items) == 1:
            texts = self._api.get(f"/items/{played.item_id}/advice")["parts"]
            items = self._api.post(f"/items/{played.item_id}/split", {"texts": texts}, key=self._key(need, "split"))[
                "items"
            ]
        for part, category in zip(items[1:], need.also, strict=True):
            guesses = self._api.get(f"/items/{part['item_id']}/advice")["guesses"]
            likely = [one["item"] for one in guesses if one["category"] == category]
            item = next(iter([*likely, *self._entries(category)]))
            asks = replace(need, id=f"{need.id}{part['part']}", category=category, item=item, also=(), details={})
            one = Played(need=asks, number=played.number, code=played.code, item_id=part["item_id"])
            played.others.append(one)

    def _serve(self, played: Played) -> None:
        """Assess it; if a target declines (a slot is taken), change the form and assess again."""
        need = played.need
        assert need.category is not None
        assert need.item is not None
        for attempt in range(TRIES):
            form = self._entries(need.category).get(need.item, {}).get("form", [])
            details = {**fill(form, played.turn + attempt), **need.details}
            body = {"category": need.category, "item": need.item, "details": details, "note": ""}
            self._step(played, "assess", body, f"assess{attempt}")
            item = self._await(played, lambda item: item["stage"] not in ("offered",) and not self._waits(item))
            if item["stage"] != "assessed":
                break
        if item["stage"] == "serving" and self._is_for_staff(item["job_id"]):
            result = fill(self._entries(need.category)[need.item]["result"], 0)
            self._api.post(f"/jobs/{item['job_id']}/result", {"result": result}, key=self._key(need, "result"))

    def _is_for_staff(self, job_id: str) -> bool:
        """A target that served at once has said so too; its item passes through `serving` on the way."""
        return self._api.get(f"/jobs/{job_id}")["status"] == "accepted"

    def _waits(self, item: dict[str, Any]) -> bool:
        """Assessed, and no target has declined it: one may yet come."""
        return item["stage"] == "assessed" and not item["note"]

    def _rate(self, played: Played) -> None:
        """The client reads the result and rates it; some would rather not."""
        self._await(played, lambda item: item["stage"] in ("told", "closed", "sealed"))
        need = played.need
        if not played.code:
            return  # whoever was not told the code cannot rate; the survey ends unanswered
        own = self._until(
            lambda: self._surveys(played),
            "no survey",
        )
        token = own[0]["token"]
        if own[0]["status"] != "open":
            return
        mark = sum(map(ord, need.id))
        if mark % 7 == 0:
            self._api.post(f"/surveys/{token}/decline", key=self._key(need, "rate"), public=True)
        else:
            body = {"score": 5 - mark % 3, "comment": ""}
            self._api.post(f"/surveys/{token}/answer", body, key=self._key(need, "rate"), public=True)

    def _surveys(self, played: Played) -> list[dict[str, Any]]:
        own = self._api.get(f"/requests/{played.number}", {"X-Request-Code": played.code})
        return [one for one in own["surveys"] if one["item_id"] == played.item_id]

    def _step(self, played: Played, name: str, body: dict[str, Any], key: str) -> None:
        self._api.post(f"/items/{played.item_id}/{name}", body, key=self._key(played.need, key))

    def _await(self, played: Played, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The need's item once it fits; every stage seen on the way is noted."""

        def look() -> dict[str, Any] | None:
            if played.item_id:
                item = self._api.get(f"/items/{played.item_id}")
            else:
                item = next(iter(self._items(played)), None)
            if item is None:
                return None
            played.item_id = item["item_id"]
            played.target = item["target"] or played.target
            if not played.stages or played.stages[-1] != item["stage"]:
                played.stages.append(item["stage"])
            return item if fits(item) else None

        return self._until(look, f"{played.number} stays {(played.stages or ['unseen'])[-1]}")

    def _items(self, played: Played) -> list[dict[str, Any]]:
        """The items of its number: one, or a part each."""
        found = self._api.get("/items", search=played.number, park=played.need.park)["items"]
        return sorted((one for one in found if one["number"] == played.number), key=lambda one: one["part"])

    def _until(self, look: Callable[[], Any], trouble: str) -> Any:
        until, pause = time.monotonic() + self._patience, POLL_SECONDS
        while not (found := look()):
            if time.monotonic() > until:
                raise TimeoutError(trouble)
            time.sleep(pause)
            pause = min(pause * 1.3, 1)
        return found

    def _entries(self, category: str) -> dict[str, Any]:
        """What a target announced of each of its items; empty while it is not known."""
        if category not in self._forms:
            targets = self._api.get("/targets")["targets"]
            self._forms |= {target["target"]: target["manifest"]["items"] for target in targets}
        return self._forms.get(category, {})

    def _key(self, need: Need, step: str) -> str:
        return f"{self._run}:{need.id}:{step}"


def fill(form: list[dict[str, Any]], attempt: int) -> dict[str, Any]:
    """Plausible values for a form; later attempts choose other days."""
    return {one["name"]: _value(one, attempt) for one in form if one["required"] or "example" in one}


def _value(one: dict[str, Any], attempt: int) -> Any:
    match one["kind"]:
        case "integer" | "number":
            return one.get("least") or 1
        case "day":
            past = "last" in one["name"] or "verified" in one["name"]
            return (date.today() - timedelta(days=200) if past else _workday(attempt)).isoformat()
        case "flag":
            return True
        case "choice":
            return one["options"][0]["value"]
        case "table":
            return [fill(one["fields"], attempt)]
    return str(one.get("example", one["label"]))[: one.get("most", 200)]


def _workday(later: int) -> date:
    """The first working day from a week on, or so many working days later."""
    day = date.today() + timedelta(days=7)
    while later or day.isoweekday() > 5:
        later -= day.isoweekday() <= 5
        day += timedelta(days=1)
    return day
