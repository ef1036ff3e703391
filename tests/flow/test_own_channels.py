"""All of the demo's needs, each by its own channel, to their right endings: mail as mail, a visit as a table."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from functools import partial

import pytest

from deploy.cli.people import district_of
from deploy.demo.replay import Need, Player, Told, read
from deploy.demo.ways import by_kiosk, by_open311, by_survey, by_wecom
from deploy.demo.wecom import StandIn
from services.gateway.accounts.doors import Doors
from shared import keys
from tests.flow.district import DISTRICT, check_items, engine_of, load_district, proof_of, rows, staff_password
from tests.mailservers import Dovecot, SmtpServer
from tests.system import System, eventually

NEEDS = DISTRICT.parent / "needs.jsonl"
BY_APP = ("N013", "N022", "N025", "N028")  # some of those that came by web, from a city's app instead
SHORT = {park.code: park.short for park in district_of(DISTRICT).parks}


def needs() -> list[Need]:
    found = [one for one in read(NEEDS.read_text().splitlines()) if isinstance(one, Need)]
    return [Need(**{**vars(one), "channel": "app"}) if one.id in BY_APP else one for one in found]


def by_mail(dovecot: Dovecot, smtp: SmtpServer, need: Need, key: str) -> Told:
    """As an enterprise writes to its park's address; the receipt tells number and code."""
    sender = f"{need.id.lower()}@client.example"
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{need.company} <{sender}>"
    message["To"] = f"station+{need.park}@example.com"
    message["Subject"] = "求助"
    message["Message-ID"] = make_msgid(domain="client.example")
    message.set_content(need.text)
    dovecot.put("station", message.as_bytes())
    mine = lambda: [one.text for one in smtp.received if one.recipients == [sender]]  # noqa: E731
    (receipt, *_) = eventually(mine, seconds=60, what=f"the receipt of {need.id}")
    lines = dict(line.split("：", 1) for line in receipt.splitlines() if "：" in line)
    return Told(lines["受理编号"], lines["查询码"])


@pytest.fixture(scope="module")
def servers():
    with Dovecot() as dovecot, SmtpServer() as smtp, StandIn().running() as wecom:
        yield dovecot, smtp, wecom


@pytest.fixture(scope="module")
def system(tmp_path_factory, virtual_host, servers):
    dovecot, smtp, wecom = servers
    settings = {
        "NQI_IMAP_URI": dovecot.uri("station"), "NQI_SMTP_URI": smtp.uri, "NQI_MAIL_FROM": "station@example.com",
        "NQI_MAIL_SECONDS": "0.5", "NQI_SURVEY_DAYS": str(40 / 86_400), **wecom.settings("tianan"),
    }  # fmt: skip
    system = System(tmp_path_factory.mktemp("channels"), virtual_host(), **settings)
    try:
        system.start()
        load_district(system)
        system.passwords["chen"] = staff_password(system)
        yield system
        check_items(system)
    finally:
        system.stop()


@pytest.mark.timeout(600)
@pytest.mark.clause("6.1", "6.2.a", "6.2.b", "6.3", "6.4.1", "6.7")
def test_every_need_arrives_by_its_own_channel_and_ends_rightly(system, servers):
    dovecot, smtp, wecom = servers
    engine = engine_of(system, "gateway")
    key = Doors(engine, keys.data_key(system.settings)).keys.add("city-app", list(SHORT))
    engine.dispose()
    with system.api() as staff:
        staff.sign_in("chen", system.passwords["chen"])
        ways = {
            "email": partial(by_mail, dovecot, smtp),
            "im": lambda need, _: by_wecom(wecom, system.url, need, SHORT[need.park]),
            "kiosk": partial(by_kiosk, system.url),
            "visit": lambda need, _: by_survey(staff, need.park, [need])[0],
            "app": partial(by_open311, system.url, key),
        }
        played = Player(staff, "channels", jobs=6, ways=ways).play(needs())
    assert {one.need.id: (one.stages, one.trouble) for one in played if not one.finished} == {}
    assert len({one.number for one in played}) == 36
    came = dict(rows(system, "intake", "SELECT number, channel FROM requests"))
    channels = {one.need.id: came[one.number] for one in played}
    assert channels == {one.id: {"app": "open311"}.get(one.channel, one.channel) for one in needs()}
    ends = {one.need.id: one.stages[-1] for one in played}
    assert ends.pop("N031") == "answered"  # no need, but a question
    assert ends.pop("N032") == "merged"  # N004 again, by another way
    assert set(ends.values()) == {"sealed"}
    proof = proof_of(system)
    assert proof.faults == []
    assert proof.sound == 35  # N035 asked for two things
    assert {one.need.category for first in played for one in first.others} == {"testing"}
