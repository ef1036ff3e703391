"""Steps of a need's way, taken through the HTTP API, as people take them."""

import uuid
from functools import cached_property
from typing import Any

from deploy.cli.http import Api
from services.providers import plugins
from services.providers.plugin import provides
from tests.system import eventually

if not provides.codes:
    provides.discover(plugins)


class Journey:
    """One need: stated by a client, handled by staff."""

    def __init__(
        self, public: Api, staff: Api, text: str = "压力表要强制检定", park: str = "tianan", **more: Any
    ) -> None:
        self.public, self.staff = public, staff
        body = {"park": park, "text": text, "company": "示例企业", "phone": "13900000000", **more}
        self.told = public.post("/requests", body, key=uuid.uuid4().hex)
        self.number, self.code = self.told["number"], self.told["code"]

    @cached_property
    def item_id(self) -> str:
        return str(eventually(self._find, what=f"the item of {self.number}")["item_id"])

    @classmethod
    def of(cls, public: Api, staff: Api, number: str, code: str) -> "Journey":
        """A need that was stated in another way."""
        one = cls.__new__(cls)
        one.public, one.staff, one.number, one.code = public, staff, number, code
        return one

    def _find(self) -> Any:
        items = self.staff.get("/items", search=self.number)["items"]
        return next((item for item in items if item["number"] == self.number), None)

    @property
    def item(self) -> dict[str, Any]:
        return dict(self.staff.get(f"/items/{self.item_id}"))

    @property
    def match(self) -> dict[str, Any]:
        """Who fits it, who is left out, and what was offered to whom."""
        return dict(self.staff.get(f"/items/{self.item_id}/match"))

    @property
    def own(self) -> dict[str, Any]:
        """What the client sees with number and code."""
        return dict(self.public.get(f"/requests/{self.number}", {"X-Request-Code": self.code}))

    def step(self, name: str, **body: Any) -> dict[str, Any]:
        return dict(self.staff.post(f"/items/{self.item_id}/{name}", body))

    def assess(self, item: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
        """Accept it if nobody has, and assess it as this item, by default with the item's own example."""
        if self.item["stage"] == "received":
            self.step("accept")
        plugin = category_of(item)
        given = dict(plugin.items[item[-1]].example) if details is None else details
        return self.step("assess", category=plugin.code, item=item, details=given)

    def until(self, *stages: str, seconds: float = 15) -> dict[str, Any]:
        return dict(
            eventually(lambda: (item := self.item)["stage"] in stages and item, seconds, f"{self.number} {stages}")
        )

    def deliver(self, item: str) -> None:
        """What staff owe; nothing where the target served at once."""
        job = self.staff.get(f"/jobs/{self.item['job_id']}")
        if job["status"] == "finished":
            return
        result = dict(category_of(item).items[item[-1]].example_result)
        self.staff.post(f"/jobs/{job['job_id']}/result", {"result": result})

    def survey(self) -> dict[str, Any]:
        return dict(eventually(lambda: self.own["surveys"])[0])

    def rate(self, score: int = 5) -> None:
        self.public.post(f"/surveys/{self.survey()['token']}/answer", {"score": score})

    def to_the_end(self, item: str = "5.3.d") -> dict[str, Any]:
        self.assess(item)
        if self.until("serving", "finished", "told")["stage"] == "serving":
            self.deliver(item)
        self.until("told")
        self.rate()
        return self.until("sealed")


def category_of(item: str) -> Any:
    """The plugin that has this item."""
    return next(plugin for plugin in provides if plugin.clause == item.rpartition(".")[0])
