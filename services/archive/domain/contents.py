"""What a dossier holds: the parts of 7.2.3.1, drawn from the ledger, and which of them it must have."""

import json
from typing import Any

from services.archive.domain.dossiers import Parts
from services.archive.domain.ledger import Line, in_order
from shared.contracts.archive import AmendmentView, DossierAmended, DossierPartSupplied, Entry, PartView
from shared.contracts.base import Details
from shared.errors import IllegalMove, Invalid

PARTS = ("application", "agreement", "result", "staff", "fees", "evaluation")
BY_ORGANIZATION = ("application", "result", "evaluation")  # all that is asked for where an organization served
WORKERS = ("staff", "operator", "admin")
TEXT_LIMIT = 2000


class Contents:
    """What the ledger's lines of one item tell for its dossier."""

    def __init__(self, item_id: str, park: str, number: str, lines: list[Line]) -> None:
        # A request may have several items.
        self._lines = [line for line in lines if line.park == park and line.item_id in ("", item_id)]
        self.entries = [line.entry() for line in in_order(self._lines)]
        self.park, self.number, self._item_id = park, number, item_id
        self._said: dict[str, Entry] = {entry.type: entry for entry in self.entries}
        supplied = [entry for entry in self.entries if entry.type == DossierPartSupplied.type()]
        self._supplied = {entry.data["part"]: entry for entry in supplied}

    def only(self, sequences: set[int]) -> "Contents":
        """What these lines alone tell."""
        return Contents(self._item_id, self.park, self.number, [n for n in self._lines if n.sequence in sequences])

    @property
    def by_organization(self) -> bool:
        """Whether the one that served is not the station's own category."""
        served = self._data("service_started", "target") or self._data("job_offered", "target")
        category = self._data("item_assessed", "category").get("category")
        return bool(served) and served["target"] != category

    @property
    def parts(self) -> dict[str, Details]:
        made = {name: getattr(self, f"_{name}")() for name in PARTS}
        for name, entry in self._supplied.items():
            added = {"text": entry.data["text"], "by": entry.actor_name, "at": entry.occurred_at.isoformat()}
            made[name] = {**made[name], "supplied": added}
        return made

    def lacking(self) -> list[str]:
        """The parts it must have and has not."""
        return [one.part for one in self.views() if one.needed and not one.there]

    def views(self) -> list[PartView]:
        needed = BY_ORGANIZATION if self.by_organization else PARTS
        return [
            PartView(part=name, there=_there(name, content), needed=name in needed, content=content)
            for name, content in self.parts.items()
        ]

    def need(self, part: str) -> None:
        """Raises unless this part can be supplied now."""
        if part not in PARTS:
            raise Invalid("请检查填写的内容", fields={"part": "没有这一部分"})
        if part not in self.lacking():
            raise IllegalMove("这一部分已经有了，不用再补")

    def amendments(self) -> tuple[AmendmentView, ...]:
        return tuple(
            AmendmentView(
                text=entry.data["text"], reason=entry.data["reason"], by_name=entry.actor_name, at=entry.occurred_at
            )
            for entry in self.entries
            if entry.type == DossierAmended.type()
        )

    def package(self) -> Parts:
        """Everything that is sealed: the parts, and the ledger's lines they are drawn from."""
        ledger = [
            {
                "sequence": line.sequence, "key": line.key, "previous": line.previous, "hash": line.hash,
                "body": json.loads(line.body),
            }
            for line in self._lines
        ]  # fmt: skip
        return {**self.parts, "ledger": ledger}

    def _data(self, kind: str, *names: str) -> Details:
        if kind not in self._said:
            return {}
        entry = self._said[kind]
        return {"at": entry.occurred_at.isoformat(), **{name: entry.data.get(name) for name in names}}

    def _application(self) -> Details:
        said = self._said
        return {
            "number": self.number,
            **self._data("request_received", "company", "text", "channel", "category", "item", "details"),
            **self._data("request_received", "occasion", "on_behalf"),
            **({"part": said["item_split"].data.get("text")} if "item_split" in said else {}),
            **({"takes_up": said["item_reopened"].data.get("former")} if "item_reopened" in said else {}),
        }

    def _agreement(self) -> Details:
        """The terms both sides agreed to; else the service that was accepted and assessed."""
        return self._data("terms_agreed", "terms") or self._data("item_assessed", "category", "item", "title", "note")

    def _result(self) -> Details:
        return self._data("service_finished", "title", "category", "item", "result", "served_by")

    def _staff(self) -> Details:
        took_part = {entry.actor_id: entry.actor_name for entry in self.entries if entry.actor_role in WORKERS}
        return {
            "served_by": self._result().get("served_by") or "",
            "took_part": [{"id": id, "name": name} for id, name in took_part.items()],
        }

    def _fees(self) -> Details:
        """What was charged as the result or the terms say it; where nothing was said, nothing was charged."""
        stated: list[tuple[str, Any]] = [
            ("result", (self._result().get("result") or {}).get("fee")),
            ("terms", (self._data("terms_agreed", "terms").get("terms") or {}).get("price")),
        ]
        basis, charged = next(((where, fee) for where, fee in stated if fee is not None), ("nothing stated", 0))
        return {"charged": charged, "basis": basis}

    def _evaluation(self) -> Details:
        """No answer is a value of its own, and never a good mark."""
        unanswered = self._data("survey_lapsed", "reason")
        return self._data("survey_answered", "score", "comment") or (
            {"score": None, **unanswered} if unanswered else {}
        )


_TELLING = {  # what must not be empty in a part for it to be there
    "application": "text",
    "agreement": "at",
    "result": "result",
    "staff": "served_by",
    "fees": "basis",
    "evaluation": "at",
}


def _there(name: str, content: Details) -> bool:
    return bool(content.get(_TELLING[name]) or content.get("supplied"))
