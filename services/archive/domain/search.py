"""Finding dossiers: which words each is found by, and what a question asks for. Chinese is cut into pairs.

Neither database knows where a Chinese word ends. So a run of Chinese characters is kept as each pair of neighbours and
its last character alone: one character finds what begins so, two find the pair, and more are pairs that follow each
other. Every word is ASCII, so that both databases take it for a word. Filters are words too, told apart by a letter.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Protocol

from services.archive.domain.contents import Contents
from services.archive.domain.dossiers import Dossier
from shared.contracts.archive import FoundDossier, SearchDossiers

BREAK = "zz"  # stands between two texts, so that no phrase reaches over it
LONGEST = 40  # characters of one Latin word
MOST_WORDS = 4000  # of one dossier
MOST_ASKED = 12  # pieces of one question
_RUN = re.compile(r"([0-9a-z]+)|((?:[^\W_](?<![0-9a-z]))+)")


@dataclass(kw_only=True)
class Summary:
    """What a list shows of a sealed dossier, and the words it is found by."""

    item_id: str
    request_id: str
    park: str
    number: str
    file_number: str
    company: str
    title: str
    category: str
    item: str
    by_organization: bool
    score: int | None
    closed_at: datetime
    sealed_at: datetime
    words: str
    place: int = 0  # grows from one to the next

    def found(self) -> FoundDossier:
        values = {name: value for name, value in vars(self).items() if name not in ("words", "place")}
        return FoundDossier(**values)


@dataclass(frozen=True)
class Piece:
    """One piece of a question: words that follow each other, or the beginning of one."""

    words: tuple[str, ...]
    begins: bool = False


def summary(dossier: Dossier, contents: Contents, zone: tzinfo) -> Summary:
    assert dossier.sealed_at is not None
    parts = contents.parts
    agreement, result, application = parts["agreement"], parts["result"], parts["application"]
    category = result.get("category") or agreement.get("category") or ""
    told = [dossier.number, dossier.file_number, *_texts({n: c for n, c in parts.items() if n != "fees"})]
    words = [word for text in dict.fromkeys(told) for word in (*words_of(text), BREAK)][:MOST_WORDS]
    year = str(dossier.closed_at.astimezone(zone).year)
    marks = [
        mark("park", dossier.park), mark("category", category), mark("year", year),
        mark("served", "organization" if contents.by_organization else "station"),
    ]  # fmt: skip
    return Summary(
        item_id=dossier.item_id, request_id=dossier.request_id, park=dossier.park, number=dossier.number,
        file_number=dossier.file_number, company=str(application.get("company") or ""),
        title=str(result.get("title") or agreement.get("title") or ""), category=category,
        item=result.get("item") or agreement.get("item") or "", by_organization=contents.by_organization,
        score=parts["evaluation"].get("score"), closed_at=dossier.closed_at, sealed_at=dossier.sealed_at,
        words=" ".join([*marks, BREAK, *words]),
    )  # fmt: skip


def _texts(value: Any) -> Iterator[str]:
    """Every text in it, but for moments and ids."""
    match value:
        case str() if not re.fullmatch(r"\d{4}-\d\d-\d\dT.*|[0-9a-f-]{32,36}", value):
            yield value
        case dict():
            for one in value.values():
                yield from _texts(one)
        case list():
            for one in value:
                yield from _texts(one)


def words_of(text: str) -> list[str]:
    """The words of a text, in order."""
    found = []
    for latin, other in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        found += [f"w{latin[:LONGEST]}"] if latin else [_code(other[n : n + 2]) for n in range(len(other))]
    return found


def mark(kind: str, value: str) -> str:
    """A word that stands for a property, such as its park."""
    return f"f{kind}{value.encode().hex()}"


def asked(text: str) -> list[Piece]:
    """What somebody typed: everything that stands apart must be there, what stands together must be so."""
    pieces = []
    for latin, other in _RUN.findall(unicodedata.normalize("NFKC", text).lower())[:MOST_ASKED]:
        if latin:
            pieces.append(Piece((f"w{latin[:LONGEST]}",), begins=True))
        elif len(other) == 1:
            pieces.append(Piece((_code(other),), begins=True))
        else:
            pieces.append(Piece(tuple(_code(other[n : n + 2]) for n in range(len(other) - 1))))
    return pieces


def _code(characters: str) -> str:
    return "u" + "".join(f"{ord(one):04x}" for one in characters)


class Summaries(Protocol):
    """What sealed dossiers are found by."""

    def add(self, summaries: list[Summary]) -> None: ...

    def search(self, query: SearchDossiers, parks: tuple[str, ...]) -> tuple[list[Summary], int]:
        """The newest first, and how many there are, counted up to a limit."""
        ...
