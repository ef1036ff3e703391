"""What station said of hours, limits, chains and absences: the copy that each service with clocks keeps."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, tzinfo
from functools import cache
from typing import Any

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


class Plans:
    """Reads the plan of one park; of all, when a second one is asked for."""

    def __init__(self, connection: sa.Connection, metadata: sa.MetaData, zone: tzinfo, now: datetime) -> None:
        self._connection, self._zone, self._now = connection, zone, now
        self._settings, self._absences = metadata.tables["settings"], metadata.tables["absences"]
        self._forget()

    def _forget(self) -> None:
        self._made: dict[str, Plan] = {}
        self._said: list[Setting] | None = None
        self._away: list[Away] | None = None

    def of(self, park: str, instead: Sequence[Setting] = ()) -> Plan:
        if instead:
            return self._plan(park, instead)
        if park not in self._made:
            self._made[park] = self._plan(park, ())
        return self._made[park]

    def _plan(self, park: str, instead: Sequence[Setting]) -> Plan:
        if self._away is None:
            rows = self._connection.execute(_away(self._absences), {"now": self._now})
            self._away = [Away(**{**row._asdict(), "parks": tuple(row.parks)}) for row in rows]
        said = self._said
        if said is None and self._made:
            said = self._said = self._said_of(_of_all(self._settings))
        elif said is None:
            said = self._said_of(_of_park(self._settings), park=park)
        own = [one for one in said if one.key in (park, DISTRICT) or one.kind is Kind.YEAR]
        return Plan.of(park, [*own, *instead], years.shipped(), self._away, self._zone)

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
        self._forget()
        return bool(heard.rowcount)

    def note_absence(self, away: Away) -> None:
        values = {**asdict(away), "parks": list(away.parks)}
        self._connection.execute(store.insert(self._absences, self._connection).values(values).on_conflict_do_nothing())

    def end_absence(self, absence_id: str) -> None:
        """Kept as over, so that the noting that comes late does not bring it back."""
        over = {"absence_id": absence_id, "account": "", "parks": [], "since": self._now, "until": self._now}
        self._connection.execute(
            store.insert(self._absences, self._connection)
            .values(over)
            .on_conflict_do_update(index_elements=["absence_id"], set_={"until": self._now})
        )


# Statements are made once for each table: what SQLAlchemy derives from a statement it keeps with the statement.


@cache
def _of_park(settings: sa.Table) -> sa.Select[Any]:
    own = settings.c.key == sa.bindparam("park")
    return settings.select().where(sa.or_(settings.c.key == DISTRICT, own, settings.c.kind == Kind.YEAR))


@cache
def _of_all(settings: sa.Table) -> sa.Select[Any]:
    return settings.select()


@cache
def _away(absences: sa.Table) -> sa.Select[Any]:
    return absences.select().where(absences.c.until > sa.bindparam("now", type_=Moment))
