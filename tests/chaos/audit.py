"""What every database and every dossier says after a run: each accepted need ended once, with one of each effect."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from deploy.cli.care import parked_messages
from deploy.demo.replay import Played
from tests.flow.district import proof_of, rows
from tests.system import System

BACKEND = ("station", "intake", "dispatch", "providers", "feedback", "archive")
ONCE = (  # events of which a sealed item has exactly one
    "intake.request_received", "dispatch.item_opened", "dispatch.item_accepted", "dispatch.service_finished",
    "providers.job_finished", "feedback.result_told", "dispatch.item_closed", "archive.dossier_sealed",
)  # fmt: skip
EITHER = ("feedback.survey_answered", "feedback.survey_lapsed")


@dataclass
class Findings:
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # the API never took them, so nothing was promised


def audit(system: System, played: list[Played]) -> Findings:
    found = Findings()
    accepted = {one.number: one for one in played if one.number}
    _journeys(found, played)
    _requests(found, system, accepted)
    _effects(found, system)
    _dossiers(found, system)
    for service in BACKEND:
        if left := rows(system, service, "SELECT count(*) FROM outbox WHERE sent_at IS NULL")[0][0]:
            found.lost.append(f"{left} events of {service} are not published")
    with parked_messages(system.settings.amqp_given) as messages:
        found.lost += [f"parked: {one.type} {one.reason} {one.error}" for one in messages()]
    return found


def _journeys(found: Findings, played: list[Played]) -> None:
    for one in played:
        if one.number and not one.finished:
            found.lost.append(f"{one.need.id} {one.number} ended as {one.stages[-1:]}: {one.trouble}")
        elif not one.number:
            found.refused.append(f"{one.need.id} was not accepted: {one.trouble}")


def _requests(found: Findings, system: System, accepted: dict[str, Played]) -> None:
    """As many requests as were accepted, numbered without gaps; each with one item."""
    kept = Counter(row[0] for row in rows(system, "intake", "SELECT number FROM requests"))
    found.lost += [f"{number} was accepted and is not there" for number in accepted if number not in kept]
    found.doubled += [f"{number} was never told to anybody" for number in kept if number not in accepted]
    by_station = Counter(number.rpartition("-")[0] for number in kept)
    for station, count in by_station.items():
        numbers = {int(number.rpartition("-")[2]) for number in kept if number.rpartition("-")[0] == station}
        if numbers != set(range(1, count + 1)):
            found.lost.append(f"{station}: numbers have gaps: {sorted(numbers)}")
    items = Counter(row[0] for row in rows(system, "dispatch", "SELECT number FROM items"))
    found.lost += [f"{number} has no item" for number in accepted if not items[number]]
    found.doubled += [f"{number} has {count} items" for number, count in items.items() if count > 1]


def _effects(found: Findings, system: System) -> None:
    """Exactly one of each effect for each sealed item."""
    told: dict[str, Counter[str]] = {}
    numbers = dict(_pairs(rows(system, "dispatch", "SELECT request_id, number FROM items WHERE stage = 'sealed'")))
    for request_id, key in _pairs(rows(system, "archive", "SELECT request_id, key FROM ledger")):
        told.setdefault(request_id, Counter())[".".join(key.split(".")[:2])] += 1
    for request_id, number in numbers.items():
        events = told.get(request_id, Counter())
        for key in ONCE:
            _exactly_one(found, events[key], f"{number}: {key}")
        _exactly_one(found, sum(events[key] for key in EITHER), f"{number}: survey answered or lapsed")
    for table in ("notices", "surveys"):
        kind = "WHERE kind = 'result'" if table == "notices" else ""
        counted = Counter(row[0] for row in rows(system, "feedback", f"SELECT request_id FROM {table} {kind}"))
        for request_id, number in numbers.items():
            _exactly_one(found, counted[request_id], f"{number}: {table}")
    finished = rows(system, "providers", "SELECT item_id FROM jobs WHERE status = 'finished'")
    found.doubled += [
        f"item {item}: {n} finished jobs" for (item,), n in Counter(map(tuple, finished)).items() if n > 1
    ]


def _dossiers(found: Findings, system: System) -> None:
    """Each sealed item has one dossier, sound on disk, in an unbroken chain."""
    sealed = rows(system, "archive", "SELECT item_id FROM dossiers WHERE sealed_at IS NOT NULL")
    items = rows(system, "dispatch", "SELECT count(*) FROM items WHERE stage = 'sealed'")[0][0]
    proof = proof_of(system)
    found.lost += [str(fault) for fault in proof.faults]
    if not len(sealed) == items == proof.sound:
        found.lost.append(f"{items} sealed items, {len(sealed)} registered dossiers, {proof.sound} sound bags")


def _exactly_one(found: Findings, count: int, what: str) -> None:
    if count == 0:
        found.lost.append(f"{what}: none")
    elif count > 1:
        found.doubled.append(f"{what}: {count}")


def _pairs(found: list[Any]) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in found]
