"""Requests of the same client are recognised without anybody learning a contact."""

import pytest

from services.intake.domain.requests import Contact
from services.intake.domain.traces import traces
from services.intake.handlers import alike, requests
from shared.access import Actor, Role
from shared.contracts.intake import ListSameClient, SubmitNeed
from shared.errors import Forbidden, NotFound
from tests.system import ADMIN
from tests.unit.intake.fakes import FakeIntake


def contact(phone="", email=""):
    return Contact(name="王工", phone=phone, email=email, code="123456")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (contact("13900000000"), contact("+86 139-0000-0000"), True),
        (contact("020-00000001"), contact("(020) 00000001"), True),
        (contact(email="Wang@Example.com"), contact(email="wang@example.com "), True),
        (contact("13900000000", "a@example.com"), contact("13900000001", "a@example.com"), True),
        (contact("13900000000"), contact("13900000001"), False),
        (contact("12315"), contact("12315"), False),  # a short number is many people's
        (contact(), contact(), False),
    ],
)
def test_the_same_telephone_or_address_is_recognised_however_it_is_written(one, other, same):
    assert bool(set(traces(one)) & set(traces(other))) is same


@pytest.fixture
def uow():
    return FakeIntake(actor=ADMIN)


def state(uow, **given):
    values = {"park": "tianan", "text": "压力表要检定", "company": "示例企业", "phone": "13900000000", **given}
    return requests.submit_need(SubmitNeed(**values), uow).request_id


def test_others_of_the_same_contact_are_listed_newest_first(uow):
    first, other, again = state(uow), state(uow, phone="13900000001"), state(uow, phone="139 0000 0000")
    third = state(uow)
    found = alike.list_same_client(ListSameClient(request_id=again), uow)
    assert found.by_contact == tuple(sorted((first, third), reverse=True))
    assert other not in found.by_contact
    assert found.by_code == ()


def test_it_is_for_those_who_see_the_park(uow):
    request_id = state(uow)
    uow.actor = Actor(id="c", role=Role.CLIENT, requests=(request_id,))
    with pytest.raises(Forbidden):
        alike.list_same_client(ListSameClient(request_id=request_id), uow)
    with pytest.raises(NotFound):
        alike.list_same_client(ListSameClient(request_id="nope"), uow)
