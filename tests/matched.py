"""Organizations of a running system, and needs in every state of finding one and agreeing with it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from services.gateway import accounts
from services.providers.plugin import Category
from tests.flow.district import engine_of
from tests.system import System, eventually

if TYPE_CHECKING:
    from tests.browser.running import Running, Stated

ORGANIZATIONS = {
    "LAB-1": ("示例检测研究院", "low"),
    "LAB-2": ("示例试验中心", "middle"),
    "LAB-3": ("示例计量所", "high"),
}
LOGIN = "org.lab-1"
NOBODY = "5.4.a"  # an item that no organization serves
TERMS = {
    "project": "12 只压力表检定", "scope": "逐只检定并出证书", "starts_on": "2027-01-11", "due_on": "2027-01-20",
    "price": 1200, "payment": "出证书后付给机构", "place": "上门",
}  # fmt: skip


def entry(code: str, item: str, park: str) -> dict[str, Any]:
    """An organization as the API takes it."""
    name, price = ORGANIZATIONS[code]
    paper = {"scope": "压力、长度计量器具检定和产品检验", "number": f"L-{code}", "issuer": "示例认可机构",
             "expires_on": "2031-06-30", "items": [item]}  # fmt: skip
    return {
        "code": code, "name": name, "items": [item], "parks": [park], "capacity": 500, "joined_on": "2025-01-01",
        "industries": ["电子信息"], "price": price, "qualifications": [paper], "contact_name": "示例",
        "phone": "020-00000001",
    }  # fmt: skip


def account(system: System, login: str = LOGIN, code: str = "LAB-1") -> str:
    """Makes the account of an organization; returns its password."""
    engine = engine_of(system, "gateway")
    try:
        return accounts.add(engine, login, "organization", (), ORGANIZATIONS[code][0], organization=code)
    finally:
        engine.dispose()


def register(running: "Running", operator: str, item: str, park: str) -> None:
    """Three organizations, LAB-1 the best, entered by an operator; returns when matching knows them."""
    headers = running.headers(operator)
    for code in ORGANIZATIONS:
        answer = running.http.post("/organizations", json=entry(code, item, park), headers=headers)
        running.told(answer, 201)

    def known() -> bool:
        return set(ORGANIZATIONS) <= {target["target"] for target in running.ask("/targets")["targets"]}

    eventually(known, seconds=30, what="the organizations")


class Matched:
    """Brings a request of a running system to a state of matching."""

    def __init__(self, running: "Running", category: type[Category], item: str) -> None:
        self._running, self._category, self._item = running, category, item

    def ways(self) -> "dict[str, Callable[[Stated], Stated]]":
        return {
            "unconsented": self.unconsented, "unmatched": self.unmatched, "matching": self.matching,
            "invited": self.invited, "agreeing": self.agreeing, "proposed": self.proposed,
            "countered": self.countered, "agreed": self.agreed, "begun": self.begun,
        }  # fmt: skip

    def unconsented(self, stated: "Stated", item: str = "") -> "Stated":
        item = item or self._item
        self._running.accept(stated)
        self._running.tell(
            f"/items/{stated.item_id}/assess", category=self._category.code, item=item, way="match",
            details=dict(self._category.items[item[-1]].example), reason="要授权机构的证书",
        )  # fmt: skip
        return stated

    def unmatched(self, stated: "Stated") -> "Stated":
        return self.unconsented(stated, NOBODY)

    def matching(self, stated: "Stated") -> "Stated":
        self.unconsented(stated)
        self._running.tell(f"/requests/{stated.number}/consents", note="电话里口头同意")
        eventually(lambda: self._match(stated)["ranking"]["candidates"], seconds=30, what="the candidates")
        return stated

    def invited(self, stated: "Stated", *codes: str) -> "Stated":
        self.matching(stated)
        self._running.tell(f"/items/{stated.item_id}/invitations", organizations=codes or ("LAB-1",))
        return stated

    def agreeing(self, stated: "Stated") -> "Stated":
        self.invited(stated)
        self._running.tell(f"/offers/{self.job(stated)}/accept")
        return stated

    def proposed(self, stated: "Stated") -> "Stated":
        self.agreeing(stated)
        self._running.tell(f"/items/{stated.item_id}/terms", terms=TERMS, side="organization")
        return stated

    def countered(self, stated: "Stated") -> "Stated":
        self.proposed(stated)
        changed = {**TERMS, "price": 1000, "scope": "逐只检定，出证书和检定记录"}
        self._running.tell(f"/items/{stated.item_id}/terms", terms=changed, side="client")
        return stated

    def agreed(self, stated: "Stated") -> "Stated":
        self.proposed(stated)
        self._running.tell(f"/items/{stated.item_id}/terms/agree", number=1, side="client")
        return stated

    def begun(self, stated: "Stated") -> "Stated":
        self.agreed(stated)
        self._running.tell(f"/offers/{self.job(stated)}/start")
        return stated

    def job(self, stated: "Stated") -> str:
        """The newest offer's id."""
        return str(self._match(stated)["offers"][0]["job_id"])

    def _match(self, stated: "Stated") -> dict[str, Any]:
        return self._running.ask(f"/items/{stated.item_id}/match")
