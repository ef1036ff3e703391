"""Messages and entities for tests, with only what matters named."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.dispatch.domain.items import Item
from services.dispatch.domain.life import Stage
from services.dispatch.domain.targets import Target
from shared.contracts.intake import RequestReceived
from shared.contracts.providers import GivenOrganization, Qualification

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
MANIFEST = {
    "code": "metrology", "kind": "category", "clause": "5.3", "title": "计量服务", "title_en": "Metrology",
    "items": {
        "5.3.d": {
            "title": "校准", "title_en": "Calibration", "words": ["校准", "检定"], "result": [],
            "form": [{"name": "count", "label": "数量", "kind": "integer", "required": True, "least": 1}],
        },
    },
}  # fmt: skip


def received(**given: Any) -> RequestReceived:
    values = {
        "park": "tianan", "request_id": "r1", "event_id": "e1", "occurred_at": NOON, "number": "天安2026-0001",
        "company": "示例", "text": "卡尺要校准", "channel": "web",
    }  # fmt: skip
    return RequestReceived(**{**values, **given})


def item(**given: Any) -> Item:
    values = {
        "item_id": "i1", "request_id": "r1", "park": "tianan", "number": "天安2026-0001", "company": "示例",
        "text": "卡尺要校准", "channel": "web", "opened_at": NOON, "changed_at": NOON,
    }  # fmt: skip
    return Item(**{**values, **given})


def waiting(**given: Any) -> Item:
    values = {"stage": Stage.ASSESSED, "category": "metrology", "item": "5.3.d", "waiting_since": NOON, "details": {}}
    return item(**{**values, **given})


def target(now: datetime = NOON, live: bool = True, **given: Any) -> Target:
    until = now + timedelta(seconds=15 if live else -1)
    return Target(**{"target": "metrology", "manifest": MANIFEST, "lease_until": until, "seen_at": now, **given})


def qualification(**given: Any) -> Qualification:
    values = {"scope": "长度计量器具校准", "number": "L0001", "issuer": "示例认可机构", "expires_on": "2028-06-30"}
    return Qualification(**{**values, **given})


def given_organization(**given: Any) -> GivenOrganization:
    values = {
        "code": "M01", "name": "示例机构M01", "items": ("5.3.d",), "parks": ("tianan",), "capacity": 3,
        "joined_on": "2025-01-01", "qualifications": (qualification(),), "contact_name": "示例",
        "phone": "020-00000001",
    }  # fmt: skip
    return GivenOrganization(**{**values, **given})
