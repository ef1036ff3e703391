"""What intake does about clients: met with their requests, identified by staff, shown."""

from dataclasses import replace

from services.intake.domain.clients import Client, contacts_of
from services.intake.domain.requests import COMPANY_LIMIT
from services.intake.handlers.work import IntakeWork, found
from shared import access
from shared.access import EVERYWHERE
from shared.contracts.intake import (
    ClientIdentified,
    ClientPage,
    ClientView,
    GetClient,
    IdentifyClient,
    ListClients,
    ListOwnRequests,
    OwnRequests,
    RequestView,
)
from shared.errors import Forbidden, Invalid, NotFound
from shared.uscc import credit_code

PAGE_LIMIT = 200


def identify_client(command: IdentifyClient, uow: IntakeWork) -> RequestView:
    """Staff found out which enterprise it is; its requests are linked by the code."""
    code = credit_code(command.credit_code)
    name = command.name.strip()
    if len(name) > COMPANY_LIMIT:
        raise Invalid("请检查填写的内容", fields={"name": "企业名称最多 200 个字"})
    with uow:
        request = found(command.request_id, "", uow)
        access.check(uow.actor, "identify_client", park=request.park)
        request = replace(request, credit_code=code, company=name or request.company)
        uow.requests.identify(request)
        uow.clients.meet(Client(credit_code=code, name=request.company, known_since=uow.now))
        if name:
            uow.clients.rename(code, name)
        uow.say(
            ClientIdentified(
                park=request.park, request_id=request.request_id, number=request.number, credit_code=code,
                name=request.company,
            )
        )  # fmt: skip
        return uow.commit(request.view())


def get_client(query: GetClient, uow: IntakeWork) -> ClientView:
    parks = access.parks_of(uow.actor, "read_client")
    with uow:
        client = uow.clients.get(query.credit_code)
        requests = uow.requests.of_client(query.credit_code, parks)
        if client is None or not requests:
            raise NotFound("没有这家企业的需求")
        consents = uow.consents.of_requests([request.request_id for request in requests])
    return ClientView(
        credit_code=client.credit_code, name=client.name,
        requests=tuple(request.view() for request in requests),
        contacts=contacts_of(requests), consents=tuple(one.view() for one in consents),
    )  # fmt: skip


def list_clients(query: ListClients, uow: IntakeWork) -> ClientPage:
    _check_page(query.limit)
    parks = access.parks_of(uow.actor, "read_client")
    with uow:
        clients = uow.clients.page(query.search.strip(), parks, query.after, query.limit)
    return ClientPage(clients=tuple(clients), next=clients[-1].credit_code if len(clients) == query.limit else "")


def list_own_requests(query: ListOwnRequests, uow: IntakeWork) -> OwnRequests:
    """Of the enterprise whose account asks: its code is in the actor's token, never in the question."""
    access.check(uow.actor, "list_own_requests")
    _check_page(query.limit)
    code = uow.actor.client
    if not code:
        raise Forbidden("这个账号没有绑定企业，请联系服务站")
    with uow:
        if query.number:
            one = uow.requests.by_number(query.number)
            own = [one] if one and one.credit_code == code else []
        else:
            own = uow.requests.of_client(code, (EVERYWHERE,), query.after, query.limit)
    more = own[-1].request_id if len(own) == query.limit and not query.number else ""
    return OwnRequests(requests=tuple(request.view() for request in own), next=more)


def _check_page(limit: int) -> None:
    if not 1 <= limit <= PAGE_LIMIT:
        raise Invalid("请检查填写的内容", fields={"limit": "一次最多取 200 条"})
