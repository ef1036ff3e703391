"""Two hundred organizations accept one job at the same moment: one has it, the others are told."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from services.dispatch import store
from services.dispatch.domain.consents import Consent
from services.dispatch.domain.life import Stage
from services.dispatch.domain.offers import Status
from services.dispatch.handlers import offers
from shared.access import Actor, Role
from shared.config import settings
from shared.contracts.dispatch import AcceptOffer, OfferView
from shared.errors import IllegalMove, Unavailable
from shared.store import Answered, Cause, digest
from shared.store import connect as connect_to
from shared.wire import dump
from tests.builders import NOON
from tests.conftest import fresh_database
from tests.matching import matching, offer, organization
from tests.system import ADMIN

MANY = 200


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path, monkeypatch):
    """The engine as the service itself makes it, for its locks and pragmas count here."""
    url = "" if request.param == "sqlite" else fresh_database(request.getfixturevalue("postgres"))
    given = replace(settings(), home=tmp_path, database_url=url)
    monkeypatch.setattr("shared.store.settings", lambda: given)
    engine = connect_to("dispatch")
    if url:
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE SCHEMA dispatch"))
    store.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def invited(engine):
    """One item, offered to all of them at once."""
    with store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN)) as uow:
        one = matching()
        later = uow.now.replace(year=uow.now.year + 1)
        one.invite("", "", later, NOON)
        uow.items.add(one)
        uow.consents.hear(Consent(consent_id="c1", request_id=one.request_id, organization="", given_at=NOON))
        for n in range(MANY):
            uow.organizations.put(organization(organization=f"M{n:03}"))
            uow.offers.add(offer(job_id=f"j{n:03}", target=f"M{n:03}", answer_by=later))
        uow.commit()
    return engine


def accept(engine, n: int, command_id: str = "") -> str:
    command = AcceptOffer(job_id=f"j{n:03}")
    actor = Actor(id=f"org.m{n:03}", role=Role.ORGANIZATION, organization=f"M{n:03}")
    cause = Cause(
        kind="command", id=command_id or f"command-{n}", actor=actor, digest=digest([command.key(), dump(command)])
    )
    while True:
        try:
            view = offers.accept_offer(command, store.UnitOfWork(engine, cause))
        except IllegalMove as error:
            return error.text
        except Answered as answered:
            return str(answered.answer["status"])
        except Unavailable:  # busy: as a caller would, try again with the same id
            continue
        assert isinstance(view, OfferView)
        return view.status


def all_at_once(engine, calls) -> Counter:
    """What each call was told; all of them wait for the others before they begin."""
    threads = 40
    start = threading.Barrier(threads)

    def worker(mine):
        start.wait()
        return [accept(engine, *call) for call in mine]

    with ThreadPoolExecutor(threads) as pool:
        told = list(pool.map(worker, [calls[n::threads] for n in range(threads)]))
    return Counter(text for texts in told for text in texts)


def kept(engine):
    with store.UnitOfWork(engine, Cause(kind="query", actor=ADMIN)) as uow:
        return uow.items.get("i1"), uow.offers.of_item("i1")


def said(engine) -> list[dict]:
    with engine.connect() as connection:
        rows = connection.execute(sa.select(store.metadata.tables["outbox"].c.routing_key, sa.text("body")))
        return [{"key": row.routing_key, **json.loads(row.body)} for row in rows]


@pytest.mark.clause("6.3.b")
def test_one_of_two_hundred_has_the_job_and_the_others_are_told(invited):
    told = all_at_once(invited, [(n,) for n in range(MANY)])
    assert told == {"accepted": 1, "这件事已经由别家接手，不用您办了": MANY - 1}
    item, offered = kept(invited)
    (winner,) = [one for one in offered if one.status is Status.ACCEPTED]
    assert (item.stage, item.job_id, item.target) == (Stage.AGREEING, winner.job_id, winner.target)
    assert Counter(one.status for one in offered) == {Status.ACCEPTED: 1, Status.WITHDRAWN: MANY - 1}
    events = said(invited)
    assert [event["target"] for event in events if event["key"] == "dispatch.offer_accepted"] == [winner.target]
    withdrawn = {event["target"] for event in events if event["key"].startswith("dispatch.job_withdrawn.")}
    assert withdrawn == {one.target for one in offered} - {winner.target}


def test_two_hundred_clicks_of_one_organization_take_effect_once(invited):
    told = all_at_once(invited, [(7, "one-and-the-same") for _ in range(MANY)])
    assert told == {"accepted": MANY}
    assert len([event for event in said(invited) if event["key"] == "dispatch.offer_accepted"]) == 1
