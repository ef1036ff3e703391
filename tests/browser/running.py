"""A whole system that runs for a folder of tests, with a district, and requests in every state."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from services.providers import plugins
from services.providers.plugin import provides
from tests import matched
from tests.flow.district import check_items, client_password, know_years, load_district, staff_password
from tests.mailservers import Dovecot
from tests.matched import Matched
from tests.system import System, eventually

ACCOUNT = "chen"
REGULATOR = "lin"
LAB = matched.LOGIN
OPERATOR = "zhou"
CLIENT = "zhang"  # the account of the enterprise with this code
CODE = "91110000600037341L"
PARK = "tianan"
TWO = "1. 液压台的测力传感器要校准；2. 新产品要做耐久性试验。两件事一起办可以吗？"
PICK = "5.4.b"  # staff deliver its result
STRANGE = """From: =?utf-8?B?5p2O5bel?= <li@client.example>
To: station@example.com
Subject: =?utf-8?B?5Zui5L2T5qCH5YeG?=
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

想制定一个团体标准，请问流程是什么？
""".encode()  # for none of the parks
provides.discover(plugins)
CATEGORY = next(one for one in provides if PICK.startswith(f"{one.clause}."))
ITEM = CATEGORY.items[PICK[-1]]


@dataclass(frozen=True)
class Stated:
    """A request of a test: what its client was told, and its item."""

    number: str
    code: str
    request_id: str
    item_id: str


@dataclass
class Running:
    """The base address of a running system, its people, and what a test asks it over HTTP."""

    url: str
    passwords: dict[str, str]
    system: System
    dovecot: Dovecot
    requests: dict[str, Stated] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.http = httpx2.Client(base_url=f"{self.url}/api/v1", timeout=30)
        answer = self.http.post("/session", json={"account": ACCOUNT, "password": self.passwords[ACCOUNT]})
        self.staff = {"authorization": f"Bearer {answer.json()['token']}"}
        self.matched = Matched(self, CATEGORY, PICK)
        self.http.cookies.clear()

    def headers(self, account: str) -> dict[str, str]:
        """What somebody else's requests bear."""
        answer = self.http.post("/session", json={"account": account, "password": self.passwords[account]})
        self.http.cookies.clear()
        return {"authorization": f"Bearer {answer.json()['token']}"}

    def state(self, text: str, company: str = "示例企业N01") -> Stated:
        """State a need as a client does; returns when its item is open."""
        need = {"park": PARK, "text": text, "company": company, "phone": "13900000000", "contact_name": "王工"}
        taken = self.told(self.http.post("/requests", json=need), 201)
        query = {"search": taken["number"]}
        items = eventually(lambda: self.ask("/items", **query)["items"], what="the item")
        return Stated(taken["number"], taken["code"], taken["request_id"], items[0]["item_id"])

    def ask(self, path: str, **query: Any) -> dict[str, Any]:
        return self.told(self.http.get(path, params=query, headers=self.staff))

    def tell(self, path: str, **body: Any) -> dict[str, Any]:
        return self.told(self.http.post(path, json=body, headers=self.staff))

    def own(self, stated: Stated) -> dict[str, Any]:
        """The request as its client sees it."""
        return self.told(self.http.get(f"/requests/{stated.number}", headers={"x-request-code": stated.code}))

    def until(self, stated: Stated, *stages: str) -> dict[str, Any]:
        """The item, once it is in one of these stages."""

        def there() -> dict[str, Any] | None:
            item = self.ask(f"/items/{stated.item_id}")
            return item if item["stage"] in stages else None

        return eventually(there, seconds=30, what=f"{stages} of {stated.number}")

    def accept(self, stated: Stated) -> Stated:
        self.tell(f"/items/{stated.item_id}/accept")
        return stated

    def by_appointment(self, stated: Stated) -> Stated:
        """Have it accepted, and its client asked for a time."""
        self.accept(stated)
        self.tell(
            f"/items/{stated.item_id}/assess", category=CATEGORY.code, item=PICK, details=dict(ITEM.example),
            note="请带上样品", way="appointment", needs=["post", "room"],
        )  # fmt: skip
        return stated

    def book(self, stated: Stated, nth: int = 0) -> Stated:
        """Have one of its free times booked."""
        self.by_appointment(stated)
        times = self.ask(f"/items/{stated.item_id}/times")["times"]
        self.tell(f"/items/{stated.item_id}/appointment", starts_at=times[nth]["starts_at"])
        return stated

    def ask_for_more(self, stated: Stated) -> Stated:
        """Have the client asked once for everything that is missing, some of it given already."""
        self.accept(stated)
        self.tell(
            f"/items/{stated.item_id}/notice",
            category=CATEGORY.code,
            item=PICK,
            more=[{"what": "产品图纸", "why": "判断哪家的设备装得下"}],
        )
        self.tell(f"/items/{stated.item_id}/notice/answers", answers={"more1": "已发到邮箱"})
        return stated

    def split(self, stated: Stated) -> Stated:
        self.accept(stated)
        self.tell(f"/items/{stated.item_id}/split", texts=["液压台的测力传感器要校准", "新产品要做耐久性试验"])
        return stated

    def pause(self, stated: Stated) -> Stated:
        self.tell(f"/items/{stated.item_id}/pause", reason="等企业寄来仪表清单")
        return stated

    def serve(self, stated: Stated) -> Stated:
        """Have it accepted, assessed and begun."""
        self.accept(stated)
        self.tell(
            f"/items/{stated.item_id}/assess",
            category=CATEGORY.code,
            item=PICK,
            details=dict(ITEM.example),
            note="请上门",
        )
        self.until(stated, "serving")
        return stated

    def deliver(self, stated: Stated) -> Stated:
        """Have it served and its result told."""
        self.serve(stated)
        job = self.ask(f"/items/{stated.item_id}")["job_id"]
        self.tell(f"/jobs/{job}/result", result=dict(ITEM.example_result))
        self.until(stated, "told")
        return stated

    def rate(self, stated: Stated, score: int) -> Stated:
        """Have the client rate it, and its dossier filed."""
        token = eventually(lambda: self.own(stated)["surveys"], what="the survey")[0]["token"]
        self.tell(f"/surveys/{token}/answer", score=score)
        self.until(stated, "sealed")
        return stated

    def in_state(self, stage: str) -> Stated:
        """A request in this state, made once for the session."""
        if stage not in self.requests:
            self.requests[stage] = self._make(stage)
        return self.requests[stage]

    def mail_aside(self) -> str:
        """The id of a mail that waits for staff."""
        if not self.ask("/mails")["mails"]:
            self.dovecot.put("station", STRANGE)
        return str(eventually(lambda: self.ask("/mails")["mails"], seconds=30, what="the mail")[0]["mail_id"])

    def identified(self) -> Stated:
        """A request of the enterprise that has an account, with a consent recorded."""
        if "identified" not in self.requests:
            stated = self.state("铭牌要拍照存档")
            self.tell(f"/requests/{stated.number}/client", credit_code=CODE, name="示例企业有限公司")
            self.tell(f"/requests/{stated.number}/consents", organization="甲实验室", note="电话里口头同意")
            self.requests["identified"] = stated
        return self.requests["identified"]

    def _make(self, stage: str) -> Stated:
        texts = {"several": TWO, "parts": TWO, "question": "请问服务站几点上班？在哪栋楼？"}
        stated = self.state(texts.get(stage, f"{stage}：厂里新买了12只压力表，需要强制检定，想请人指导办理。"))
        ends = {
            "answered": ("answer", {"answer": "现行有效。\n没有新版本。"}),
            "merged": ("merge", {"into": self.in_state("told").number if stage == "merged" else ""}),
            "refused": ("refuse", {"reason": "不在服务范围"}),
            "withdrawn": ("withdraw", {"reason": "已经自己办了"}),
        }
        ways: dict[str, Callable[[Stated], Stated]] = {
            "received": lambda one: one,
            "accepted": self.accept,
            "several": self.accept,
            "question": self.accept,
            "parts": self.split,
            "asked": self.ask_for_more,
            "choosing": self.by_appointment,
            "booked": self.book,
            "paused": lambda one: self.pause(self.accept(one)),
            "serving": self.serve,
            "told": self.deliver,
            "sealed": lambda one: self.rate(self.deliver(one), 5),
            **self.matched.ways(),
        }
        if stage in ways:
            return ways[stage](stated)
        step, body = ends[stage]
        self.tell(f"/items/{stated.item_id}/{step}", **body)
        return stated

    @staticmethod
    def told(answer: httpx2.Response, status: int = 200) -> dict[str, Any]:
        assert answer.status_code == status, answer.text
        return dict(answer.json())


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory, virtual_host: Callable[[], str]) -> Iterator[Running]:
    """The system; several tests use it, so each makes requests of its own."""
    with Dovecot() as dovecot:
        mail = {
            "NQI_IMAP_URI": dovecot.uri("station"), "NQI_SMTP_URI": "smtp://127.0.0.1:9",
            "NQI_MAIL_FROM": "station@example.com", "NQI_MAIL_SECONDS": "1",
        }  # fmt: skip
        system = System(tmp_path_factory.mktemp("home"), virtual_host(), **mail)
        try:
            system.start()
            load_district(system)
            passwords = {
                ACCOUNT: staff_password(system, ACCOUNT),
                REGULATOR: staff_password(system, REGULATOR, role="regulator"),
                OPERATOR: staff_password(system, OPERATOR, role="operator"),
                CLIENT: client_password(system, CLIENT, CODE),
                LAB: matched.account(system),
            }
            running = Running(system.url, passwords, system, dovecot)
            know_years(system)
            for code, kind, name in (("desk", "post", "检测岗"), ("room-1", "room", "洽谈室 1")):
                body = {"code": code, "kind": kind, "name": name, "week": ["00:00-24:00"] * 7, "minutes": 30}
                running.tell(f"/stations/{PARK}/resources", **body)
            matched.register(running, OPERATOR, PICK, PARK)
            yield running
            running.http.close()
            check_items(system)
        finally:
            system.stop()
