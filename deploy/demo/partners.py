"""The demo's service organizations, and needs that are matched to one, agreed on with it, and served by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from deploy.cli.http import Api
from deploy.cli.organizations import take
from deploy.demo.replay import Played, Player, fill
from services.gateway.register_sheet import workbook
from shared.contracts.providers import GivenOrganization
from shared.contracts.station import StationView
from shared.wire import load

FILE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True, kw_only=True)
class Course:
    """How it goes with one need: how many are asked at once, whether the first declines, whether terms are changed."""

    several: int = 1
    declined: str = ""  # why the first one does
    countered: bool = False


def organizations() -> list[GivenOrganization]:
    return [load(GivenOrganization, one) for one in _given()["organizations"]]


def courses() -> dict[str, Course]:
    """By the need's id."""
    return {need: Course(**course) for need, course in _given()["matched"].items()}


def enter(operator: Api) -> list[str]:
    """Take them in as an operator does, from a table; returns their codes."""
    stations = [load(StationView, one) for one in operator.get("/stations")["stations"]]
    entries = organizations()
    found = take(operator, "organizations.xlsx", workbook(entries, stations, []))
    if found["mistakes"]:
        raise ValueError(str(found["mistakes"]))
    return [one.code for one in entries]


def _given() -> Any:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


class Matchmaker(Player):
    """Plays needs as any player does; those with a course of their own are served by `partners`, by their codes."""

    def __init__(self, api: Api, run: str, partners: Mapping[str, Api], **given: Any) -> None:
        super().__init__(api, run, **given)
        self._partners, self._courses = partners, courses()

    def _serve(self, played: Played) -> None:
        course = self._courses.get(played.need.id)
        if course is None:
            super()._serve(played)
            return
        self._match(played)
        partner, job = self._find(played, course)
        self._agree(played, course, partner)
        self._work(played, partner, job)

    def _match(self, played: Played) -> None:
        """Assessed as a matter for an organization; the client consents, by itself if it has the code."""
        need = played.need
        form = self._entries(str(need.category)).get(str(need.item), {}).get("form", [])
        body = {
            "category": need.category, "item": need.item, "details": {**fill(form, played.turn), **need.details},
            "note": "", "way": "match", "reason": "要有资质的机构出具结果",
        }  # fmt: skip
        self._step(played, "assess", body, "assess0")
        headers = {"X-Request-Code": played.code} if played.code else {}
        path, note = f"/requests/{played.number}/consents", {} if played.code else {"note": "电话里口头同意"}
        self._api.post(path, note, key=self._key(need, "consent"), headers=headers)

    def _find(self, played: Played, course: Course) -> tuple[Api, str]:
        """Invite the best, or several; whoever is asked last takes it."""
        path = f"/items/{played.item_id}/match"
        trouble = f"{played.number} has no candidates"
        ranking = self._until(lambda: _candidates(self._api.get(path)), trouble)
        codes = [one["organization"] for one in ranking[: course.several]]
        self._step(played, "invitations", {"organizations": codes}, "invite")
        offers = self._api.get(path)["offers"]
        if course.declined and not any(one["status"] == "declined" for one in offers):
            self._answer(played, self._open(played), "decline", {"reason": course.declined})
        offer = self._open(played)
        self._answer(played, offer, "accept", {})
        return self._partners[offer["target"]], offer["job_id"]

    def _open(self, played: Played) -> dict[str, Any]:
        """The newest invitation that waits for its answer, or the one that was taken before."""

        def look() -> dict[str, Any] | None:
            offers = self._api.get(f"/items/{played.item_id}/match")["offers"]
            wanted = [one for one in offers if one["status"] in ("open", "accepted", "finished")]
            return wanted[0] if wanted else None

        offer: dict[str, Any] = self._until(look, f"{played.number} is offered to nobody")
        return offer

    def _answer(self, played: Played, offer: dict[str, Any], answer: str, body: dict[str, Any]) -> None:
        key = self._key(played.need, f"{answer}-{offer['job_id']}")
        self._partners[offer["target"]].post(f"/offers/{offer['job_id']}/{answer}", body, key=key)

    def _agree(self, played: Played, course: Course, partner: Api) -> None:
        """The organization proposes; the client agrees, or wants it otherwise and the organization agrees."""
        need, path = played.need, f"/items/{played.item_id}/terms"
        self._await(played, lambda item: item["stage"] == "agreeing")
        today = date.today()
        terms = {
            "project": f"{need.company}：{need.text[:40]}", "scope": "按需求办理，交付结果和证书", "price": 1800,
            "starts_on": today.isoformat(), "due_on": (today + timedelta(days=10)).isoformat(),
            "payment": "交付后付给机构", "place": "机构实验室，需要时上门",
        }  # fmt: skip
        partner.post(path, {"terms": terms}, key=self._key(need, "terms1"))
        if course.countered:
            self._of_client(played, "", {"terms": {**terms, "price": 1500}}, "terms2")
            partner.post(f"{path}/agree", {"number": 2}, key=self._key(need, "agree"))
        else:
            self._of_client(played, "/agree", {"proposal" if played.code else "number": 1}, "agree")

    def _of_client(self, played: Played, step: str, body: dict[str, Any], key: str) -> None:
        """On its own page's API; staff write it down for whoever was not told the code."""
        key = self._key(played.need, key)
        if played.code:
            headers = {"X-Request-Code": played.code}
            self._api.post(f"/requests/{played.number}/terms{step}", body, key=key, headers=headers)
        else:
            self._api.post(f"/items/{played.item_id}/terms{step}", {**body, "side": "client"}, key=key)

    def _work(self, played: Played, partner: Api, job: str) -> None:
        """Begun, reported on, delivered."""
        need = played.need
        self._await(played, lambda item: item["stage"] != "agreeing")
        partner.post(f"/offers/{job}/start", {}, key=self._key(need, "start"))
        self._await(played, lambda item: item["stage"] != "agreed")
        report = {"text": "样品已收到，正在办理", "share": 50}
        partner.post(f"/items/{played.item_id}/reports", report, key=self._key(need, "report"))
        result = fill(self._entries(str(need.category))[str(need.item)]["result"], 0)
        partner.post(f"/offers/{job}/result", {"result": result}, key=self._key(need, "result"))


def _candidates(match: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (match["ranking"] or {}).get("candidates", [])
    return found
