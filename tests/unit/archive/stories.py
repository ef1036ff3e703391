"""Items as the archive hears of them, from the need to the closing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.builders import NOON

CHEN = {"id": "chen", "role": "staff", "name": "陈专员"}
CLIENT = {"id": "", "role": "public", "name": ""}


@dataclass(frozen=True)
class Told:
    """An event as the bus hands it over."""

    key: str
    body: dict[str, Any]


def told(key: str, n: str, at: datetime, park: str = "tianan", actor: dict[str, str] = CHEN, **body: Any) -> Told:
    envelope = {"event_id": n, "occurred_at": at.isoformat(), "park": park, "actor": actor, "traceparent": ""}
    return Told(key, {**envelope, **body})


def life(number: int = 1, park: str = "tianan", began: datetime = NOON, **given: Any) -> list[Told]:
    """One self-served item; `given` replaces what its result or its evaluation says."""
    request, item = {"request_id": f"r{park}{number}"}, {"item_id": f"i{park}{number}"}
    name = f"{park}2026-{number:04d}"
    at = [began + timedelta(minutes=10 * n) for n in range(8)]
    ids = [f"e{park}{number}.{n}" for n in range(8)]
    return [
        told(
            "intake.request_received", ids[0], at[0], park, CLIENT, **request, number=name,
            company=given.get("company", "示例企业"), text=given.get("text", "卡尺要校准"), channel="web",
            category="", item="", details={}, occasion={}, on_behalf=False,
        ),
        told(
            "dispatch.item_opened", ids[1], at[1], park, **request, **item, version=1, number=name, company="示例企业",
            text="卡尺要校准", channel="web",
        ),
        told("dispatch.item_accepted", ids[2], at[2], park, **request, **item, version=2),
        told(
            "dispatch.item_assessed", ids[3], at[3], park, **request, **item, version=3, category="metrology",
            item="5.3.d", title="校准", note="本站自办", details={"count": 2},
        ),
        told(
            "dispatch.service_finished", ids[4], at[4], park, **request, **item, version=4, number=name, title="校准",
            category="metrology", item="5.3.d", result=given.get("result", {"fee": 0, "report": "JZ-1"}),
            served_by=given.get("served_by", "陈专员"),
        ),
        told(
            "feedback.result_told", ids[5], at[5], park, **request, **item, notice_id="n", survey_id="s",
            channel="web", expires_at=at[7].isoformat(),
        ),
        told(
            "feedback.survey_answered", ids[6], at[6], park, CLIENT, **request, **item, survey_id="s",
            score=given.get("score", 5), comment="很快",
        ),
        told(
            "dispatch.item_closed", ids[7], at[7], park, **request, **item, version=6, number=name, evidence=ids[:7],
        ),
    ]  # fmt: skip
