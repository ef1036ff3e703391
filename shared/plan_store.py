"""What station said of hours, limits, chains and absences: the copy that each service with clocks keeps."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, tzinfo
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from shared import store, years
from shared.plans import DISTRICT, Away, Kind, Plan, Setting
from shared.store import Moment


def plan_tables(metadata: sa.MetaData) -> None:
    """The two tables that `Plans` reads and writes, among those of a service."""
    sa.Table(
        "settings",
        metadata,
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
    )
    sa.Table(
        "absences",
        metadata,
        sa.Column("absence_id", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("parks", sa.JSON, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False, index=True),
    )


Age = tuple[int, tuple[Away, ...]]  # while it is the same, every plan is


@dataclass(frozen=True)
class _Kept:
    """Plans as they are at one age of what they are made from."""

    age: Age
    plans: dict[str, Plan] = field(default_factory=dict)


_kept: WeakKeyDictionary[sa.Engine, _Kept] = WeakKeyDictionary()  # to make a plan takes longer than to read its age


class Plans:
    """Reads the plan of one park; of all, when a second one is asked for that is not at hand."""

    def __init__(self, connection: sa.Connection, metadata: sa.MetaData, zone: tzinfo, now: datetime) -> None:
        self._connection, self._zone, self._now = connection, zone, now
        self._settings, self._absences = metadata.tables["settings"], metadata.tables["absences"]
        self._changed = False
        self._forget()

    def _forget(self) -> None:
        self._made: _Kept | None = None
        self._said: list[Setting] | None = None
        self._asked = False

    def of(self, park: str, instead: Sequence[Setting] = ()) -> Plan:
        made = self._made = self._made or self._at_hand()
        if instead:
            return self._plan(park, instead, made.age[1])
        if park not in made.plans:
            made.plans[park] = self._plan(park, (), made.age[1])
        return made.plans[park]

    def _at_hand(self) -> _Kept:
        """What this process made before, if nothing has changed since; never what may yet be rolled back."""
        age = self._age()
        if self._changed:
            return _Kept(age)
        kept = _kept.get(self._connection.engine)
        if kept is None or kept.age != age:
            kept = _kept[self._connection.engine] = _Kept(age)
        return kept

    def _age(self) -> Age:
        rows = self._connection.execute(_age(self._settings, self._absences), {"now": self._now}).all()
        away = [
            Away(absence_id=row.absence_id, account=row.account, parks=tuple(row.parks), since=row.since,
                 until=row.until)
            for row in rows if row.absence_id
        ]  # fmt: skip
        return int(rows[0].age), tuple(away)

    def _plan(self, park: str, instead: Sequence[Setting], away: Sequence[Away]) -> Plan:
        if self._said is None and self._asked:
            self._said = self._said_of(_of_all(self._settings))
        said = self._said_of(_of_park(self._settings), park=park) if self._said is None else self._said
        self._asked = True
        own = [one for one in said if one.key in (park, DISTRICT) or one.kind is Kind.YEAR]
        return Plan.of(park, [*own, *instead], years.shipped(), away, self._zone)

    def _said_of(self, query: sa.Select[Any], **given: str) -> list[Setting]:
        rows = self._connection.execute(query, given)
        return [Setting(**{**row._asdict(), "kind": Kind(row.kind)}) for row in rows]

    def hear(self, setting: Setting) -> bool:
        values = {**asdict(setting), "kind": str(setting.kind)}
        heard = self._connection.execute(
            store.insert(self._settings, self._connection)
            .values(values)
            .on_conflict_do_update(
                index_elements=["kind", "key"], set_={name: values[name] for name in ("version", "content")},
                where=self._settings.c.version < setting.version,
            )
        )  # fmt: skip
        self._change()
        return bool(heard.rowcount)

    def note_absence(self, away: Away) -> None:
        values = {**asdict(away), "parks": list(away.parks)}
        self._connection.execute(store.insert(self._absences, self._connection).values(values).on_conflict_do_nothing())
        self._change()

    def end_absence(self, absence_id: str) -> None:
        """Kept as over, so that the noting that comes late does not bring it back."""
        over = {"absence_id": absence_id, "account": "", "parks": [], "since": self._now, "until": self._now}
        self._connection.execute(
            store.insert(self._absences, self._connection)
            .values(over)
            .on_conflict_do_update(index_elements=["absence_id"], set_={"until": self._now})
        )
        self._change()

    def _change(self) -> None:
        self._changed = True
        self._forget()


# Statements are made once for each table: what SQLAlchemy derives from a statement it keeps with the statement.


@cache
def _of_park(settings: sa.Table) -> sa.Select[Any]:
    own = settings.c.key == sa.bindparam("park")
    return settings.select().where(sa.or_(settings.c.key == DISTRICT, own, settings.c.kind == Kind.YEAR))


@cache
def _of_all(settings: sa.Table) -> sa.Select[Any]:
    return settings.select()


@cache
def _age(settings: sa.Table, absences: sa.Table) -> sa.Select[Any]:
    """One row at the least: the sum of all versions, which only ever grow, and who is or will be away."""
    said = sa.select(sa.func.coalesce(sa.func.sum(settings.c.version), 0).label("age")).subquery()
    away = absences.c.until > sa.bindparam("now", type_=Moment)
    return sa.select(said.c.age, absences).select_from(said.outerjoin(absences, away)).order_by(absences.c.absence_id)
