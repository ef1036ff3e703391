"""The whole plugin API: what a category plugin is, what it declares and does, and where it registers."""

import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, ClassVar

from shared import forms
from shared.errors import NotFound
from shared.forms import Form

ENTRY_POINTS = "nqi_station.categories"  # the group an installed distribution names its plugins in


@dataclass(frozen=True, kw_only=True)
class Item:
    """One lettered item of a category's clause."""

    title: str
    title_en: str
    form: Form  # what must be known before work can begin
    result: Form  # what the service must deliver
    words: tuple[str, ...] = ()  # words of a need that speak for this item
    phrases: tuple[str, ...] = ()  # needs as clients might state them, to learn from; never those of a test
    example: Mapping[str, Any] = field(default_factory=dict)  # details that fit the form
    example_result: Mapping[str, Any] = field(default_factory=dict)  # a result that fits
    days: int = 5  # working days the service should take at the most
    by: str = ""  # "self" where only the station serves it, "match" where only an organization may; else either


@dataclass(frozen=True, kw_only=True)
class Job:
    """One offer: who asks for what, the details already checked against the item's form."""

    job_id: str
    park: str
    number: str
    company: str
    text: str
    item: str  # its letter
    details: Mapping[str, Any]
    today: date  # at the station


@dataclass(frozen=True)
class Accepted:
    """The job is taken. With a result it is served at once; without, staff deliver the result later."""

    note: str = ""
    result: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Declined:
    reason: str


class Desk:
    """What a plugin may keep: named slots, each taken by at most one job, in the job's own transaction."""

    def take(self, resource: str, slot: str, job_id: str) -> bool:
        """True if this job now holds the slot (or held it already), False if another does."""
        raise NotImplementedError

    def taken(self, resource: str, first: str, last: str) -> Collection[str]:
        """The slots of the resource that any job holds, from `first` to `last` in text order."""
        raise NotImplementedError


class Category(ABC):
    """Takes or declines the jobs of one service category, and says what their results must hold."""

    code: ClassVar[str]
    clause: ClassVar[str]
    title: ClassVar[str]
    title_en: ClassVar[str]
    summary: ClassVar[str]  # a line for people who do not know the standard
    summary_en: ClassVar[str]
    items: ClassVar[Mapping[str, Item]]  # by the standard's letter

    @abstractmethod
    def consider(self, job: Job, desk: Desk) -> Accepted | Declined:
        """Decide on one job, its details already checked."""

    def item(self, letter: str) -> Item:
        try:
            return self.items[letter]
        except KeyError:
            raise NotFound("{title}没有 {letter} 这一项", title=self.title, letter=letter) from None

    def manifest(self) -> dict[str, Any]:
        """What the target announces of itself: plain data, all that dispatch and the pages know of it."""
        return {
            "code": self.code, "kind": "category", "clause": self.clause,
            "title": self.title, "title_en": self.title_en,
            "summary": self.summary, "summary_en": self.summary_en,
            "items": {
                f"{self.clause}.{letter}": {
                    "title": item.title, "title_en": item.title_en, "days": item.days,
                    "form": forms.describe(item.form), "result": forms.describe(item.result),
                    "words": list(item.words), "phrases": list(item.phrases),
                    "by": item.by,
                }
                for letter, item in self.items.items()
            },
        }  # fmt: skip


class Registry:
    """Every plugin this process has found; refuses duplicates and incomplete ones."""

    def __init__(self) -> None:
        self._categories: dict[str, Category] = {}

    def __call__(self, code: str) -> Callable[[type[Category]], type[Category]]:
        def register(cls: type[Category]) -> type[Category]:
            if code in self._categories:
                raise ValueError(f"category {code!r} is registered twice")
            cls.code = code
            lacking = [
                name
                for name in ("clause", "title", "title_en", "summary", "summary_en", "items")
                if not getattr(cls, name, None)
            ]
            if lacking:
                raise ValueError(f"category {code!r} lacks {', '.join(lacking)}")
            self._categories[code] = cls()
            return cls

        return register

    def __getitem__(self, code: str) -> Category:
        try:
            return self._categories[code]
        except KeyError:
            raise NotFound("这里没有 {code} 这个服务类别", code=code) from None

    def __iter__(self) -> Iterator[Category]:
        return iter(self._categories.values())

    @property
    def codes(self) -> list[str]:
        return list(self._categories)

    @property
    def letters(self) -> set[str]:
        """Every lettered item of every category here, such as 5.4.b."""
        return {f"{category.clause}.{letter}" for category in self for letter in category.items}

    def keep(self, only: list[str]) -> None:
        """Serve only these from now on; raises NotFound for one that was not found."""
        self._categories = {code: self[code] for code in only}

    def discover(self, package: ModuleType) -> None:
        """Import every plugin in the folder, then every installed one."""
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
        for entry_point in entry_points(group=ENTRY_POINTS):
            entry_point.load()


provides = Registry()
