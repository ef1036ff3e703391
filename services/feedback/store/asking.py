"""How surveys are asked, every version, in the database."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from services.feedback.domain.asking import DEFAULT, AskPlan
from services.feedback.store.tables import metadata
from shared.contracts.feedback import SurveyQuestion
from shared.store import Moment

plans = sa.Table(
    "survey_plans",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("share", sa.Integer, nullable=False),
    sa.Column("delay_hours", sa.Integer, nullable=False),
    sa.Column("remind", sa.Boolean, nullable=False),
    sa.Column("comment_below", sa.Integer, nullable=False),
    sa.Column("questions", sa.JSON, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("set_at", Moment, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
)


class AskPlans:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._known: dict[int, AskPlan] = {}

    def get(self, version: int) -> AskPlan:
        if version not in self._known:
            row = self._connection.execute(plans.select().where(plans.c.version == version)).first()
            self._known[version] = _entity(row) if row else DEFAULT
        return self._known[version]

    def last(self) -> AskPlan:
        row = self._connection.execute(plans.select().order_by(plans.c.version.desc()).limit(1)).first()
        return _entity(row) if row else DEFAULT

    def add(self, plan: AskPlan) -> None:
        self._connection.execute(plans.insert(), asdict(plan))


def _entity(row: sa.Row[Any]) -> AskPlan:
    values = row._asdict()
    asked = {name: tuple(SurveyQuestion(**one) for one in values[name]) for name in ("questions", "reasons")}
    return AskPlan(**{**values, **asked})
