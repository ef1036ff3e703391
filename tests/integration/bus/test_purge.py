"""What was sent, heard and answered long ago is forgotten; what may still be needed is not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from shared import store
from tests.probe.probe.store import metadata

NOW = datetime.now(UTC)
BEFORE = NOW - timedelta(days=30)
OLD, YOUNG = BEFORE - timedelta(hours=1), BEFORE + timedelta(hours=1)


@pytest.fixture
def engine(database_url: str, tmp_path: Any) -> Any:
    engine = sa.create_engine(database_url or f"sqlite:///{tmp_path}/probe.sqlite3", poolclass=sa.NullPool)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_forgets_what_cannot_come_again(engine):
    outbox, inbox, commands = (metadata.tables[name] for name in ("outbox", "inbox", "commands"))
    event = {"routing_key": "k", "body": "{}"}
    with engine.begin() as connection:
        connection.execute(
            outbox.insert(),
            [
                {"event_id": "sent long ago", "said_at": OLD, "sent_at": OLD, **event},
                {"event_id": "sent lately", "said_at": OLD, "sent_at": YOUNG, **event},
                {"event_id": "never sent", "said_at": OLD, "sent_at": None, **event},
            ],
        )
        connection.execute(
            inbox.insert(), [{"handler": "h", "event_id": str(at), "heard_at": at} for at in (OLD, YOUNG)]
        )
        connection.execute(
            commands.insert(),
            [{"command_id": str(at), "digest": "d", "answer": "{}", "taken_at": at} for at in (OLD, YOUNG)],
        )
    store.purge(engine, metadata, BEFORE)
    with engine.connect() as connection:
        left = [set(connection.scalars(sa.select(table.c[f"{name}_id"]))) for table, name in (
            (outbox, "event"), (inbox, "event"), (commands, "command"))]  # fmt: skip
    assert left == [{"sent lately", "never sent"}, {str(YOUNG)}, {str(YOUNG)}]
