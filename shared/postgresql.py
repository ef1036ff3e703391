"""Fewer round trips to PostgreSQL: a transaction's BEGIN travels with its first statement, and reads need none."""

from typing import Any

from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

DRIVER = "postgresql+prompt"


class Prompt(PGDialect_psycopg2):
    """psycopg2 in autocommit, where we begin and end transactions ourselves.

    On a connection with the execution option `reads` each statement is a transaction of its own. Nothing is lost by
    that: by PostgreSQL's default isolation each one of a transaction's statements sees what is committed by then.
    """

    supports_statement_cache = True

    def on_connect(self) -> Any:
        given = super().on_connect()

        def set_up(connection: Any) -> None:
            if given is not None:
                given(connection)
            connection.autocommit = True

        return set_up

    def do_execute(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        super().do_execute(cursor, f"BEGIN; {statement}" if _begins(cursor, context) else statement, parameters)

    def do_executemany(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        if _begins(cursor, context):
            cursor.execute("BEGIN")
        super().do_executemany(cursor, statement, parameters, context)

    def do_commit(self, dbapi_connection: Any) -> None:
        _end(dbapi_connection, "COMMIT")

    def do_rollback(self, dbapi_connection: Any) -> None:
        _end(dbapi_connection, "ROLLBACK")


def _begins(cursor: Any, context: Any) -> bool:
    reads = context is not None and context.execution_options.get("reads")
    return not reads and _idle(cursor.connection)


def _end(connection: Any, how: str) -> None:
    if not _idle(connection):
        with connection.cursor() as cursor:
            cursor.execute(how)


def _idle(connection: Any) -> bool:
    return bool(connection.get_transaction_status() == TRANSACTION_STATUS_IDLE)


registry.register("postgresql.prompt", __name__, Prompt.__name__)
