"""What the repository of reports and contacts promises, kept by the fake and by both databases alike."""

from datetime import timedelta

from services.dispatch.domain.following import Contact, How, Party, PersonRole, Report
from tests.builders import NOON

MINUTE = timedelta(minutes=1)


def report(n: int, **given) -> Report:
    values = {
        "report_id": f"p{n}", "item_id": "i1", "job_id": "j1", "text": "好", "reported_at": NOON,
        "heard_at": NOON + n * MINUTE, "by": "陈专员", "share": None,
    }  # fmt: skip
    return Report(**{**values, **given})


def contact(n: int, **given) -> Contact:
    values = {
        "contact_id": f"c{n}", "item_id": "i1", "park": "tianan", "party": Party.CLIENT, "role": PersonRole.HEAD,
        "how": How.VISIT, "about": "看现场", "contacted_at": NOON + n * MINUTE, "logged_at": NOON, "by_id": "chen",
        "by_name": "陈专员",
    }  # fmt: skip
    return Contact(**{**values, **given})


def test_reports_come_back_by_item_in_the_order_they_were_heard(work):
    with work() as uow:
        for one in (report(2, share=60, late=True), report(1), report(1, item_id="i2", expected_on="2026-12-01")):
            uow.following.add_report(one)
        uow.commit()
    with work() as uow:
        assert uow.following.reports("i1") == [report(1), report(2, share=60, late=True)]
        assert uow.following.report("i2", "p1") == report(1, item_id="i2", expected_on="2026-12-01")
        assert uow.following.report("i2", "p2") is None


def test_contacts_come_back_by_item_the_newest_first(work):
    with work() as uow:
        for one in (contact(1), contact(2, party=Party.ORGANIZATION, next_on="2026-12-01"), contact(3, item_id="i2")):
            uow.following.add_contact(one)
        uow.commit()
    with work() as uow:
        assert [one.contact_id for one in uow.following.contacts("i1")] == ["c2", "c1"]
        assert uow.following.contacts("i2") == [contact(3, item_id="i2")]
