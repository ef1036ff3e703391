"""What dispatch suggests about a need, for people to decide: which item it is about, or that it is a question."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Query


@dataclass(frozen=True, kw_only=True)
class Guess(Answer):
    category: str
    item: str
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Question(Answer):
    """No service need, but a question about the station. `asks` are of hours, place, phone; `words` say so."""

    asks: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Guesses(Answer):
    """Either guesses, or the question that the text is instead, or nothing."""

    guesses: tuple[Guess, ...]
    question: Question | None = None


@dataclass(frozen=True, kw_only=True)
class SuggestCategory(Query):
    """Up to three likely items for a text, best first, each with the words that spoke for it.

    `park` lets count what staff of its district corrected.
    """

    returns = Guesses
    text: str
    park: str = ""


@dataclass(frozen=True, kw_only=True)
class Alike(Answer):
    """Another item that may be the same need. `reasons` are of company, contact, item, text.

    `likeness` of the texts is in per cent. `mergeable`: the other is not over.
    """

    item_id: str
    number: str
    company: str
    text: str
    stage: str
    opened_at: datetime
    reasons: tuple[str, ...]
    likeness: int
    mergeable: bool


@dataclass(frozen=True, kw_only=True)
class Advice(Answer):
    """What may be done with one item, each with the reason; nothing of it happens by itself."""

    guesses: tuple[Guess, ...] = ()
    question: Question | None = None
    parts: tuple[str, ...] = ()  # what it may be split into
    alike: tuple[Alike, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GetAdvice(Query):
    """`same_contact` and `same_company` name the requests that intake knows to be of the same client."""

    returns = Advice
    item_id: str
    same_contact: tuple[str, ...] = ()
    same_company: tuple[str, ...] = ()
