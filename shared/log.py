"""Logs: one JSON line an event, with service, trace id and request number."""

import logging
import sys
from typing import Any

import structlog

from shared import trace


def setup(service: str, level: str) -> None:
    """Write JSON lines to standard output, the libraries' records included."""
    number = logging.getLevelNamesMapping()[level.upper()]

    def add_place(_: Any, __: str, entry: dict[str, Any]) -> dict[str, Any]:
        entry["service"] = service
        if trace_id := trace.trace_id():
            entry["trace_id"] = trace_id
        return entry

    common: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        add_place,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level, *common, structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )  # fmt: skip
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=common,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(number)
    for noisy in ("nameko", "amqp", "kombu", "alembic", "sqlalchemy", "asyncio", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(max(number, logging.WARNING))
    logging.getLogger("nameko.containers").setLevel(logging.CRITICAL)  # our entrypoints log each outcome themselves


get = structlog.stdlib.get_logger
