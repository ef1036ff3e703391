"""What a text may be about: complement naive Bayes over character n-grams, learnt from what the targets announced.

Every item of every target is a class. Its examples are its title, its words and its phrases, and what staff of the
district corrected. Complement naive Bayes weighs a gram by how rare it is in all the *other* classes, which suits
classes with few and uneven examples. Grams are one to three Chinese characters, or one Latin word or number.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from services.dispatch.domain.targets import Target
from shared.contracts.dispatch import Guess

TITLE, WORD, PHRASE, CORRECTION = 1.0, 2.0, 1.0, 1.0  # how much an example of each kind counts
CORRECTIONS_AT_MOST = 12.0  # what all corrections of one item count together: less than what the item brings itself
LENGTH = {1: 0.3, 2: 1.0, 3: 1.0}  # a single character says little
SMOOTHING = 1.0
WORDS = 5  # named with a guess
OWN_SHARE = 0.3  # of a gram's weight that must be the item's, for the gram to be named as a reason
FUNCTION = frozenset(
    "我你您他她它们的地得了着过吗呢吧啊呀哪怎什么谁几多少想要请需让帮给把被对从到往于为和与及或跟同而并且但就都也还又再才"
    "只很太更最好有没无是不非能会可以应该这那些个一两二三次下上里中前后外内间时候做办弄搞用看查问找来去在出进起"
)  # characters that tell what is wanted, not what it is about: a gram with one of them is never named as a reason
KEPT = 8  # models in memory: one for each district that has corrections

_RUN = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]+")

Key = tuple[str, str]  # category, item


@dataclass(frozen=True, kw_only=True)
class Example:
    """A text that is known to be about an item."""

    category: str
    item: str
    text: str
    weight: float


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def grams(text: str) -> Iterator[str]:
    for run in _RUN.findall(folded(text)):
        if run[0].isascii():
            yield run
            continue
        for size in LENGTH:
            yield from (run[i : i + size] for i in range(len(run) - size + 1))


def announced(targets: Iterable[Target]) -> Iterator[Example]:
    """What the targets say of their items; foreign code announces them, so what is no text is passed over."""
    for target in targets:
        for code, item in target.manifest["items"].items():
            told = ((TITLE, [item.get("title")]), (WORD, item.get("words")), (PHRASE, item.get("phrases")))
            for weight, texts in told:
                for text in texts if isinstance(texts, list) else ():
                    if isinstance(text, str):
                        yield Example(category=target.target, item=code, text=text, weight=weight)


def corrected(corrections: Iterable[tuple[str, str, str]]) -> list[Example]:
    """Category, item and text of what staff corrected, the newest first, as examples.

    The same text counts once, as it was corrected last; many corrections of one item share what they count for.
    """
    newest: dict[str, tuple[str, str, str]] = {}
    for category, item, text in corrections:
        newest.setdefault(" ".join(_RUN.findall(folded(text))), (category, item, text))
    many = Counter((category, item) for category, item, _ in newest.values())
    return [
        Example(
            category=category, item=item, text=text,
            weight=min(CORRECTION, CORRECTIONS_AT_MOST / many[category, item]),
        )
        for category, item, text in newest.values()
    ]  # fmt: skip


class Model:
    """Ranks items for a text, and says which words spoke for each."""

    def __init__(self, targets: Iterable[Target], corrections: Iterable[tuple[str, str, str]] = ()) -> None:
        targets = list(targets)
        self._items: dict[Key, dict[str, Any]] = {
            (target.target, code): item for target in targets for code, item in target.manifest["items"].items()
        }
        examples = [*announced(targets), *(e for e in corrected(corrections) if (e.category, e.item) in self._items)]
        counted = [(example, Counter(grams(example.text))) for example in examples]
        seen = Counter(gram for _, found in counted for gram in found)
        self._rarity = {gram: 1 + math.log((len(counted) + 1) / (n + 1)) for gram, n in seen.items()}
        self._total: dict[str, float] = dict.fromkeys(seen, 0.0)
        self._own: dict[str, dict[Key, float]] = {gram: {} for gram in seen}
        mass = dict.fromkeys(self._items, 0.0)
        for example, found in counted:
            key = (example.category, example.item)
            weights = self._weights(found)
            length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            for gram, weight in weights.items():
                share = example.weight * weight / length
                self._total[gram] += share
                self._own[gram][key] = self._own[gram].get(key, 0.0) + share
                mass[key] += share
        whole = sum(mass.values())
        self._others = {key: math.log(whole - own + SMOOTHING * len(seen) or 1.0) for key, own in mass.items()}

    def guesses(self, text: str, most: int = 3) -> list[Guess]:
        """The likeliest items, best first; only those that something in the text speaks for."""
        weights = self._weights(Counter(gram for gram in grams(text) if gram in self._total))
        own = self._evidence(weights)
        whole = sum(weights.values())
        score = {key: sum(own[key].values()) + whole * self._others[key] for key in own}
        found: list[Guess] = []
        for key in sorted(score, key=lambda key: (-score[key], key)):
            if len(found) == most:
                break
            if words := self._reasons(key, folded(text), own[key]):
                title = str(self._items[key]["title"])
                found.append(Guess(category=key[0], item=key[1], title=title, words=tuple(words)))
        return found

    def likeliest(self, text: str) -> str:
        """The best guess's item; empty if there is none."""
        found = self.guesses(text, 1)
        return found[0].item if found else ""

    def knows(self, text: str) -> bool:
        """Whether any item's own words occur in the text."""
        said = folded(text)
        return any(folded(word) in said for item in self._items.values() for word in _words(item))

    def _weights(self, found: Counter[str]) -> dict[str, float]:
        return {
            gram: math.log1p(n) * self._rarity[gram] * (1.0 if gram.isascii() else LENGTH[len(gram)])
            for gram, n in found.items()
        }

    def _evidence(self, weights: dict[str, float]) -> dict[Key, dict[str, float]]:
        """For each item the grams of the text that it has itself, and how much each speaks for it."""
        found: dict[Key, dict[str, float]] = {}
        for gram, weight in weights.items():
            total = self._total[gram]
            for key, own in self._own[gram].items():
                lift = math.log((total + SMOOTHING) / (total - own + SMOOTHING))
                found.setdefault(key, {})[gram] = weight * lift
        return found

    def _reasons(self, key: Key, text: str, own: dict[str, float]) -> list[str]:
        """The item's declared words in the text, then grams that are largely the item's; what weighs most first."""
        declared = {word: folded(word) for word in _words(self._items[key])}
        worth = {
            word: sum(own.get(gram, 0.0) for gram in set(grams(word)))
            for word, said in declared.items()
            if said in text
        }
        chosen: list[str] = []
        for word in sorted(worth, key=lambda word: (-worth[word], word)):
            _choose(word, chosen)
        telling = [
            gram
            for gram in own
            if len(gram) > 1 and not FUNCTION & set(gram) and self._own[gram][key] >= OWN_SHARE * self._total[gram]
        ]
        for gram in sorted(telling, key=lambda gram: (-own[gram], gram)):
            _choose(gram, chosen)
        return chosen[:WORDS]


def _choose(word: str, chosen: list[str]) -> None:
    """Add the word, unless it only says part of what is chosen, or more of it than is clear."""
    said = folded(word)
    if not any(said in folded(other) or folded(other) in said or _overlap(said, folded(other)) for other in chosen):
        chosen.append(word)


def _overlap(one: str, other: str) -> bool:
    """Whether the end of one is the beginning of the other, so that both may be the same place in the text."""
    return any(one.endswith(other[:size]) or other.endswith(one[:size]) for size in range(1, min(len(one), len(other))))


def _words(item: dict[str, Any]) -> list[str]:
    words = item.get("words")
    return [w for w in words if isinstance(w, str) and len(w) > 1] if isinstance(words, list) else []


class Models:
    """Models by what they were made of, so that a suggestion need not wait for one."""

    def __init__(self) -> None:
        self._models: dict[Hashable, Model] = {}

    def get(self, key: Hashable, make: Callable[[], Model]) -> Model:
        if key not in self._models:
            while len(self._models) >= KEPT:
                self._models.pop(next(iter(self._models)))
            self._models[key] = make()
        return self._models[key]
