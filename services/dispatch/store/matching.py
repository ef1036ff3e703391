"""Assessments, rankings and weights in the database; all are only ever added to."""

from dataclasses import fields
from datetime import datetime

import sqlalchemy as sa

from services.dispatch.domain.assessments import Assessment, Priority
from services.dispatch.domain.life import Way
from services.dispatch.domain.matching import DEFAULTS
from services.dispatch.store.tables import metadata
from shared.contracts.dispatch import RankingView
from shared.store import Moment
from shared.wire import dump, load

assessments = sa.Table(
    "assessments",
    metadata,
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("assessed_at", Moment, nullable=False),
    sa.Column("assessor_id", sa.Text, nullable=False),
    sa.Column("assessor_name", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("priority", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("way", sa.Text, nullable=False),
)

rankings = sa.Table(
    "rankings",
    metadata,
    sa.Column("ranking_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("ranked_at", Moment, nullable=False),
    sa.Column("ranking", sa.JSON, nullable=False),
    sa.Index("ix_rankings_item_id", "item_id", "ranked_at"),
)

weights = sa.Table(
    "weights",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    sa.Column("weights", sa.JSON, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
    sa.Column("set_at", Moment, nullable=False),
)


class Assessments:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, assessment: Assessment) -> None:
        values = {f.name: getattr(assessment, f.name) for f in fields(Assessment)}
        self._connection.execute(
            assessments.insert(), {**values, "way": str(assessment.way), "priority": str(assessment.priority)}
        )

    def of_item(self, item_id: str) -> list[Assessment]:
        query = assessments.select().where(assessments.c.item_id == item_id).order_by(assessments.c.number.desc())
        return [
            Assessment(**{**row._asdict(), "way": Way(row.way), "priority": Priority(row.priority)})
            for row in self._connection.execute(query)
        ]


class Rankings:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, item_id: str, ranking: RankingView) -> None:
        self._connection.execute(
            rankings.insert(),
            {
                "ranking_id": ranking.ranking_id, "item_id": item_id, "ranked_at": ranking.ranked_at,
                "ranking": dump(ranking),
            },
        )  # fmt: skip

    def last(self, item_id: str) -> tuple[RankingView | None, int]:
        of_item = rankings.c.item_id == item_id
        newest = rankings.select().where(of_item).order_by(rankings.c.ranked_at.desc(), rankings.c.ranking_id.desc())
        row = self._connection.execute(newest.limit(1)).first()
        if row is None:
            return None, 0
        count = self._connection.execute(sa.select(sa.func.count()).select_from(rankings).where(of_item)).scalar_one()
        return load(RankingView, row.ranking), int(count)


class Weights:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def set(self, weighed: dict[str, int], by: str, at: datetime) -> None:
        self._connection.execute(weights.insert(), {"weights": weighed, "set_by": by, "set_at": at})

    def get(self) -> tuple[dict[str, int], str, datetime | None]:
        row = self._connection.execute(weights.select().order_by(weights.c.id.desc()).limit(1)).first()
        return (dict(row.weights), row.set_by, row.set_at) if row else (dict(DEFAULTS), "", None)
