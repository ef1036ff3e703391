"""What dispatch suggests about a need, for people to decide: which item it is about, or that it is a question."""

from dataclasses import dataclass

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
class Advice(Answer):
    """What may be done with one item, each with the reason; nothing of it happens by itself."""

    guesses: tuple[Guess, ...] = ()
    question: Question | None = None
    parts: tuple[str, ...] = ()  # what it may be split into


@dataclass(frozen=True, kw_only=True)
class GetAdvice(Query):
    returns = Advice
    item_id: str
