"""Lists of needs collected on visits (6.2.a), written down in a table and taken in at once."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.base import Answer, Command, Query


@dataclass(frozen=True, kw_only=True)
class VisitRow:
    """One line of the table, as text. `wrong` holds what its reader already found, by column."""

    row: int
    date: str = ""
    place: str = ""
    by: str = ""
    company: str = ""
    credit_code: str = ""
    contact_name: str = ""
    phone: str = ""
    text: str = ""
    category: str = ""
    item: str = ""
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class VisitList(Answer):
    """`state`: reading, preview, running, done or dropped. `columns`: the table's letter of each column."""

    list_id: str
    park: str
    file_name: str
    state: str
    added_by: str
    added_at: datetime
    columns: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    good: int = 0  # to be taken in
    wrong: int = 0
    known: int = 0  # taken in before, from this list or another
    taken: int = 0


@dataclass(frozen=True, kw_only=True)
class VisitLine(Answer):
    """What becomes of one line. `state`: good, wrong, known or taken; `number` of the request that came of it."""

    row: int
    company: str
    state: str
    number: str = ""
    wrong: dict[str, str] = field(default_factory=dict)
    given: VisitRow | None = None  # the line itself, as long as it is kept


@dataclass(frozen=True, kw_only=True)
class VisitPage(Answer):
    list: VisitList
    lines: tuple[VisitLine, ...]
    next: int = 0  # pass as `after` for the next page; 0 at the end


@dataclass(frozen=True, kw_only=True)
class VisitLists(Answer):
    lists: tuple[VisitList, ...]


@dataclass(frozen=True, kw_only=True)
class AddVisits(Command):
    """Add lines to a list that is being read, beginning it with the first; with `last` it can be looked over."""

    returns = VisitList
    list_id: str
    park: str
    file_name: str
    columns: dict[str, str]
    rows: tuple[VisitRow, ...]
    last: bool = False


@dataclass(frozen=True, kw_only=True)
class ConfirmVisits(Command):
    """Have the good lines taken in."""

    returns = VisitList
    list_id: str


@dataclass(frozen=True, kw_only=True)
class DropVisits(Command):
    """Forget a list that was not confirmed."""

    returns = VisitList
    list_id: str


@dataclass(frozen=True, kw_only=True)
class GetVisits(Query):
    """Lines in the table's order, after this one; only the wrong ones if `wrong`."""

    returns = VisitPage
    list_id: str
    wrong: bool = False
    after: int = 0
    limit: int = 100


@dataclass(frozen=True, kw_only=True)
class ListVisitLists(Query):
    """The latest lists of one's parks."""

    returns = VisitLists
    limit: int = 20
