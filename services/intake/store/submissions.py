"""The answers that commands were given, kept with the commands themselves."""

import json

import sqlalchemy as sa

from services.intake.store.tables import metadata
from shared.contracts.intake import NeedSubmitted
from shared.errors import Invalid
from shared.wire import load


class Submissions:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, command_id: str) -> NeedSubmitted | None:
        commands = metadata.tables["commands"]
        answer = self._connection.execute(
            sa.select(commands.c.answer).where(commands.c.command_id == command_id)
        ).scalar()
        if answer is None:
            return None
        try:
            return load(NeedSubmitted, json.loads(answer))
        except Invalid:
            return None  # it was another command's
