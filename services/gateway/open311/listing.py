"""How requests stand, in GeoReport v2's words: open or closed, nothing personal, nothing of what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from services.gateway import words
from services.gateway.language import Speech
from services.gateway.open311.catalogue import GENERAL
from services.gateway.targets import Names
from services.gateway.visit import Visit
from shared.contracts.dispatch import ListStandings, Standing
from shared.contracts.station import StationView
from shared.errors import Invalid

SPAN = timedelta(days=90)
MOST, BATCH = 1000, 250
OVER = tuple(name for name, stage in words.STAGES.items() if stage.shape in ("done", "end"))
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A list as it was asked for."""

    parks: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    closed: bool | None = None
    skip: int = 0
    limit: int = MOST


def wanted(query: Mapping[str, str], parks: tuple[str, ...], now: datetime) -> Wanted:
    """What the query asks for; ids override all else. Raises Invalid."""
    wrong: dict[str, str] = {}
    page = _whole(query, "page", 1, wrong, most=1_000_000)
    size = _whole(query, "page_size", MOST, wrong, most=MOST)
    if numbers := _several(query.get("service_request_id", "")):
        if len(numbers) > BATCH:
            wrong["service_request_id"] = "一次最多查 250 个编号"
        _refuse(wrong)
        return Wanted(parks=parks, numbers=numbers)
    statuses = set(_several(query.get("status", "")))
    if statuses - {OPEN, CLOSED}:
        wrong["status"] = "只有 open 和 closed"
    services = tuple("" if code == GENERAL else code for code in _several(query.get("service_code", "")))
    if len(services) > BATCH:
        wrong["service_code"] = "一次最多查 250 个编号"
    since, until = _moment(query, "start_date", wrong), _moment(query, "end_date", wrong)
    if since and until and since > until:
        wrong["start_date"] = "start_date 要早于 end_date"
    _refuse(wrong)
    until = until or (since + SPAN if since else now)
    return Wanted(
        parks=parks,
        services=services,
        since=max(since, until - SPAN) if since else until - SPAN,
        until=until,
        closed=None if len(statuses) != 1 else CLOSED in statuses,
        skip=(page - 1) * size,
        limit=size,
    )


def _refuse(wrong: dict[str, str]) -> None:
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)


def _several(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _whole(query: Mapping[str, str], name: str, default: int, wrong: dict[str, str], most: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most):
        wrong[name] = "这一项要填数字"
        return default
    return int(text)


def _moment(query: Mapping[str, str], name: str, wrong: dict[str, str]) -> datetime | None:
    """A W3C date and time; without a zone it is UTC."""
    text = query.get(name, "").replace(" ", "+")  # a `+` that was not encoded
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        wrong[name] = "时间要写成 2026-11-30T00:00:00Z 这样"
        return None


async def listed(visit: Visit, asked: Wanted) -> list[Standing]:
    """The items asked for, fetched in parts that fit into a message."""
    found: list[Standing] = []
    while len(found) < asked.limit:
        limit = min(BATCH, asked.limit - len(found))
        part = await visit.ask(
            ListStandings(
                parks=asked.parks, numbers=asked.numbers, services=asked.services, since=asked.since,
                until=asked.until, over=OVER, closed=asked.closed, skip=asked.skip + len(found), limit=limit,
            )
        )  # fmt: skip
        found += part.standings
        if len(part.standings) < limit:
            break
    return found


def described(
    found: Sequence[Standing], stations: Mapping[str, StationView], names: Names, say: Speech, zone: Any
) -> list[dict[str, Any]]:
    """One entry for each request, its items together: it is closed when all of them are."""
    requests: dict[str, list[Standing]] = {}
    for one in found:
        requests.setdefault(one.number, []).append(one)
    return [_request(items, stations.get(items[0].park), names, say, zone) for items in requests.values()]


def _request(
    items: Sequence[Standing], station: StationView | None, names: Names, say: Speech, zone: Any
) -> dict[str, Any]:
    last = max(items, key=lambda one: one.changed_at)
    telling = next((one for one in items if one.stage not in OVER), last)
    titles = [names.item(one.item, one.title) for one in items]
    return {
        "service_request_id": last.number,
        "status": CLOSED if telling.stage in OVER else OPEN,
        "status_notes": say(words.STAGES[telling.stage].client),
        "service_name": say("、").join(dict.fromkeys(filter(None, titles))) or say("还没有评估"),
        "service_code": last.item or last.category or GENERAL,
        "description": None,  # what was said is its client's own
        "agency_responsible": station.official_name if station else "",
        "service_notice": None,
        "requested_datetime": min(one.opened_at for one in items).astimezone(zone),
        "updated_datetime": last.changed_at.astimezone(zone),
        "expected_datetime": None,
        "address": station.address if station else "",
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
        "extended_attributes": {"park": last.park, "stage": telling.stage},
    }
