"""The hand-offs that have a clock, and how long each may take where the district has not said otherwise. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.calendar import Limit, Unit
from shared.errors import Invalid

DEFAULTS: Mapping[str, Limit] = {
    "accept": Limit(2, Unit.HOURS),  # somebody takes the need
    "assess": Limit(1, Unit.DAYS),  # it is known what it is, and how it is served
    "arrange": Limit(1, Unit.DAYS),  # somebody who can serve it is found
    "begin": Limit(1, Unit.DAYS),  # an appointment is kept, where it has no time yet
    "answer": Limit(1, Unit.DAYS),  # who was asked to serve it says yes or no
    "agree": Limit(1, Unit.DAYS),  # both sides agree the terms
    "serve": Limit(5, Unit.DAYS),  # where the category names no days of its own
    "tell": Limit(1, Unit.DAYS),  # the client hears the result
    "rate": Limit(10, Unit.DAYS),  # the client rates it, where nothing was said about until when
    "file": Limit(1, Unit.DAYS),  # the dossier is sealed
    "complaint": Limit(10, Unit.DAYS),  # a complaint is decided
    "escalate": Limit(4, Unit.HOURS),  # from one step of the chain to the next, once it is late
}
MOST = {Unit.MINUTES: 24 * 60, Unit.HOURS: 24 * 30, Unit.DAYS: 250}


def read_limits(given: Iterable[Mapping[str, Any]]) -> dict[str, Limit]:
    """Limits by clock, from `clock`, `count` and `unit`. Raises Invalid by field: `limits.accept`."""
    read: dict[str, Limit] = {}
    wrong: dict[str, str] = {}
    for one in given:
        path = f"limits.{one['clock']}"
        if one["clock"] not in DEFAULTS:
            wrong[path] = "没有这个环节"
        elif one["clock"] in read:
            wrong[path] = "这个环节写了两次"
        elif one["unit"] not in set(Unit):
            wrong[path] = "单位要是分钟、小时或工作日"
        elif not 1 <= one["count"] <= MOST[Unit(one["unit"])]:
            wrong[path] = "要在 1 和 250 个工作日（或 720 小时、1440 分钟）之间"
        else:
            read[one["clock"]] = Limit(one["count"], Unit(one["unit"]))
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    return read
