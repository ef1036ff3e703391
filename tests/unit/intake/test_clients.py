"""Clients by their code: linked, shown to whom it concerns, and nobody else's."""

from dataclasses import replace

import pytest

from services.intake.handlers import clients, requests
from shared.access import Actor, Role
from shared.contracts.intake import GetClient, IdentifyClient, ListClients, ListOwnRequests, SubmitNeed
from shared.errors import Forbidden, Invalid, NotFound
from shared.uscc import credit_code
from tests.system import PUBLIC, STAFF
from tests.unit.intake.fakes import FakeIntake

CODE, OTHER = "91110000600037341L", "91440101MA9XYZ1234"
NEED = SubmitNeed(park="tianan", text="压力表要检定", company="示例企业", contact_name="王工", phone="13900000000")
ELSEWHERE = Actor(id="li", role=Role.STAFF, parks=("juda",))


@pytest.fixture
def work() -> FakeIntake:
    return FakeIntake(actor=PUBLIC)


def state(work: FakeIntake, actor: Actor = PUBLIC, **more: object) -> str:
    work.actor = actor
    return requests.submit_need(replace(NEED, **more), work).request_id


@pytest.mark.parametrize("wrong", ["91110000600037341M", "123", "9111000060003734", "圆" * 18])
def test_a_code_that_cannot_be_is_refused_and_says_that_none_is_needed(work, wrong):
    with pytest.raises(Invalid) as refused:
        state(work, credit_code=wrong)
    assert "不填也可以" in refused.value.fields["credit_code"]
    assert work.said == []


def test_a_code_is_kept_as_the_licence_writes_it():
    assert credit_code(" 91110000 600037341l ") == CODE


def test_a_need_without_a_code_is_taken_like_any_other(work):
    assert state(work)
    assert work.kept.get("clients") is None


def test_requests_of_one_code_are_linked_and_the_first_name_stays(work):
    first, second = state(work, credit_code=CODE), state(work, credit_code=CODE, company="示例", phone="020-1234567")
    state(work)
    work.actor = STAFF
    client = clients.get_client(GetClient(credit_code=CODE), work)
    assert (client.name, [one.request_id for one in client.requests]) == ("示例企业", [second, first])
    assert [contact.phone for contact in client.contacts] == ["020-1234567", "13900000000"]
    (line,) = clients.list_clients(ListClients(search="示例"), work).clients
    assert (line.credit_code, line.requests) == (CODE, 2)


def test_staff_of_another_park_do_not_see_the_client(work):
    state(work, credit_code=CODE)
    work.actor = ELSEWHERE
    with pytest.raises(NotFound):
        clients.get_client(GetClient(credit_code=CODE), work)
    assert clients.list_clients(ListClients(), work).clients == ()


@pytest.mark.parametrize("actor", [PUBLIC, Actor(id="c", role=Role.CLIENT, client=CODE)])
def test_clients_are_not_listed_to_anybody_else(work, actor):
    work.actor = actor
    for ask in (
        lambda: clients.get_client(GetClient(credit_code=CODE), work),
        lambda: clients.list_clients(ListClients(), work),
    ):
        with pytest.raises(Forbidden):
            ask()


def test_an_account_of_a_client_sees_its_own_requests_and_no_other(work):
    own = state(work, credit_code=CODE)
    state(work)
    account = Actor(id="zhang", role=Role.CLIENT, client=CODE)
    by_account = state(work, account)  # its code is in the account, whatever the form says
    work.actor = account
    found = clients.list_own_requests(ListOwnRequests(), work)
    assert [one.request_id for one in found.requests] == [by_account, own]
    work.actor = replace(account, client="91440101MA5CTWXX1X")
    assert clients.list_own_requests(ListOwnRequests(), work).requests == ()
    number = found.requests[0].number
    assert clients.list_own_requests(ListOwnRequests(number=number), work).requests == ()


def test_an_account_without_an_enterprise_and_staff_own_nothing(work):
    for actor in (Actor(id="x", role=Role.CLIENT), STAFF, PUBLIC):
        work.actor = actor
        with pytest.raises(Forbidden):
            clients.list_own_requests(ListOwnRequests(), work)


def test_staff_find_out_whose_need_it_is(work):
    request = state(work, company="某公司")
    work.actor = ELSEWHERE
    with pytest.raises(Forbidden):
        clients.identify_client(IdentifyClient(request_id=request, credit_code=CODE), work)
    work.actor = STAFF
    view = clients.identify_client(IdentifyClient(request_id=request, credit_code=CODE, name="示例企业有限公司"), work)
    assert (view.credit_code, view.company) == (CODE, "示例企业有限公司")
    said, _ = work.said[-1]
    assert (said.type(), said.credit_code, said.name) == ("client_identified", CODE, "示例企业有限公司")
    assert clients.get_client(GetClient(credit_code=CODE), work).name == "示例企业有限公司"
