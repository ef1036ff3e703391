"""Notices and surveys in the database."""

from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.feedback.domain.told import Notice, Status, Survey
from services.feedback.store.tables import metadata
from shared.errors import NotFound
from shared.store import Moment

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("notice_id", sa.Text, primary_key=True),
    sa.Column("request_id", sa.Text, nullable=False, index=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Column("told_at", Moment, nullable=False),
)

surveys = sa.Table(
    "surveys",
    metadata,
    sa.Column("survey_id", sa.Text, primary_key=True),
    sa.Column("token", sa.Text, nullable=False, unique=True),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("request_id", sa.Text, nullable=False, index=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("score", sa.Integer),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("plan_version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("asked", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("asks_at", Moment),
    sa.Column("remind_at", Moment),
    *(
        sa.Column(name, sa.Text, nullable=False, server_default="")
        for name in ("owner_id", "owner_name", "category", "item", "organization", "month")
    ),
    sa.Column("told_in_time", sa.Boolean),
    sa.Column("answers", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("reasons", sa.JSON, nullable=False, server_default="[]"),
    sa.Index("ix_surveys_month", "month", "park"),
    sa.Index("ix_surveys_organization", "organization"),
    sa.Index(
        "ix_surveys_remind", "remind_at",
        postgresql_where=sa.text("remind_at IS NOT NULL"), sqlite_where=sa.text("remind_at IS NOT NULL"),
    ),
    sa.UniqueConstraint("item_id", "version"),
    sa.Index(
        "ix_surveys_open", "expires_at",
        postgresql_where=sa.text("status = 'open'"), sqlite_where=sa.text("status = 'open'"),
    ),
)  # fmt: skip


ADD_NOTICE = notices.insert()
ADD_SURVEY = surveys.insert()
BY_TOKEN = surveys.select().where(surveys.c.token == sa.bindparam("wanted"))
LOCK_BY_TOKEN = BY_TOKEN.with_for_update()
PUT_SURVEY = surveys.update().where(surveys.c.survey_id == sa.bindparam("id"))


class Notices:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, notice: Notice) -> None:
        self._connection.execute(ADD_NOTICE, {f.name: getattr(notice, f.name) for f in fields(Notice)})

    def of_request(self, request_id: str) -> list[Notice]:
        query = notices.select().where(notices.c.request_id == request_id).order_by(notices.c.notice_id)
        return [Notice(**row._asdict()) for row in self._connection.execute(query)]


class Surveys:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection, self._lock = connection, lock

    def add(self, survey: Survey) -> None:
        self._connection.execute(ADD_SURVEY, {f.name: getattr(survey, f.name) for f in fields(Survey)})

    def by_token(self, token: str) -> Survey:
        row = self._connection.execute(LOCK_BY_TOKEN if self._lock else BY_TOKEN, {"wanted": token}).first()
        if row is None:
            raise NotFound("这个评价链接不对，请从通知里重新打开")
        return _entity(row)

    def of_request(self, request_id: str) -> list[Survey]:
        return self._some(surveys.select().where(surveys.c.request_id == request_id).order_by(surveys.c.survey_id))

    def open_of_item(self, item_id: str) -> list[Survey]:
        still = surveys.c.item_id == item_id, surveys.c.status == Status.OPEN
        return self._some(surveys.select().where(*still).with_for_update())

    def put(self, survey: Survey) -> None:
        changed = {
            name: getattr(survey, name) for name in ("status", "score", "comment", "remind_at", "answers", "reasons")
        }
        self._connection.execute(PUT_SURVEY, {"id": survey.survey_id, **changed})

    def to_remind(self, now: datetime, most: int) -> list[Survey]:
        return self._some(
            surveys.select()
            .where(surveys.c.status == Status.OPEN, surveys.c.remind_at <= now)
            .limit(most)
            .with_for_update(skip_locked=True)
        )

    def overdue(self, now: datetime, most: int) -> list[Survey]:
        return self._some(
            surveys.select()
            .where(surveys.c.status == Status.OPEN, surveys.c.expires_at <= now)
            .limit(most)
            .with_for_update(skip_locked=True)
        )

    def _some(self, query: sa.Select[Any]) -> list[Survey]:
        return [_entity(row) for row in self._connection.execute(query)]


def _entity(row: sa.Row[Any]) -> Survey:
    return Survey(**{**row._asdict(), "status": Status(row.status)})
