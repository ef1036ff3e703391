"""The holidays and make-up days of China: those shipped with the program, and files that bring later years."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shared.errors import Invalid
from shared.hours import Day, read_year


@cache
def shipped() -> Mapping[int, tuple[Day, ...]]:
    """Year -> its days that differ from their weekdays."""
    files = sorted(Path(__file__).parent.glob("*.yaml"))
    return {year: read_year(year, days) for year, days in (read(file.read_text(encoding="utf-8")) for file in files)}


def read(text: str) -> tuple[int, list[dict[str, Any]]]:
    """The year and its days, from a file like 2026.yaml beside this one or from the JSON that holiday-cn publishes.

    Raises Invalid for what has neither shape; whether the days are right is for `read_year` to say.
    """
    try:
        given = yaml.safe_load(text)
        days = list(_published(given["days"]) if "days" in given else _ranges(given))
        return int(given["year"]), days
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid("文件看不懂：要有 year，以及 holidays 和 working（或 days）：{why}", why=error) from error


def _ranges(given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for one in given["holidays"]:
        day, last = _date(one["from"]), _date(one.get("to", one["from"]))
        if not 0 <= (last - day).days < 60:
            raise ValueError(f"from {day} to {last}")
        while day <= last:
            yield {"day": day.isoformat(), "working": False, "name": one["name"]}
            day += timedelta(days=1)
    for one in given.get("working") or ():
        yield {"day": _date(one["day"]).isoformat(), "working": True, "name": one["name"]}


def _published(days: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in days:
        working = not one["isOffDay"]
        name = f"{one['name']}补班" if working else one["name"]
        yield {"day": _date(one["date"]).isoformat(), "working": working, "name": name}


def _date(given: Any) -> date:
    return given if isinstance(given, date) else date.fromisoformat(given)
