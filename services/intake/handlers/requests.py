"""What intake does about needs: one function for each message."""

import hmac

from services.intake.channel import receives
from services.intake.handlers.opening import open_request
from services.intake.handlers.work import IntakeWork, found
from shared import access
from shared.contracts.intake import (
    ChannelList,
    ChannelView,
    ContactView,
    GetContact,
    GetOwnRequest,
    GetRequest,
    ListChannels,
    NeedSubmitted,
    RequestView,
    SubmitNeed,
)
from shared.errors import NotFound


def submit_need(command: SubmitNeed, uow: IntakeWork) -> NeedSubmitted:
    access.check(uow.actor, "submit_need", park=command.park)
    with uow:
        request = open_request(command, uow)
        return uow.commit(
            NeedSubmitted(
                request_id=request.request_id, number=request.number, code=request.contact.code, park=request.park,
                received_at=request.received_at,
            )
        )  # fmt: skip


def get_own_request(query: GetOwnRequest, uow: IntakeWork) -> RequestView:
    """The same answer for a wrong number and a wrong code, so that neither can be tried out alone."""
    access.check(uow.actor, "open_with_code")
    with uow:
        request = uow.requests.by_number(query.number.strip())
    if request is None or not hmac.compare_digest(request.contact.code.encode(), query.code.strip().encode()):
        raise NotFound("编号和查询码对不上，请对照受理单再输一次")
    return request.view()


def get_request(query: GetRequest, uow: IntakeWork) -> RequestView:
    with uow:
        request = found(query.request_id, query.number, uow)
    access.check(uow.actor, "read_request", park=request.park, request_id=request.request_id)
    return request.view()


def get_contact(query: GetContact, uow: IntakeWork) -> ContactView:
    with uow:
        request = found(query.request_id, "", uow)
    access.check(uow.actor, "read_contact", park=request.park)
    return ContactView(name=request.contact.name, phone=request.contact.phone, email=request.contact.email)


def list_channels(query: ListChannels, uow: IntakeWork) -> ChannelList:
    access.check(uow.actor, "read_station")
    return ChannelList(
        channels=tuple(
            ChannelView(
                name=one.name, title=one.title, title_en=one.title_en, hands=tuple(sorted(one.hands)),
                records=one.records, asks=one.asks,
            )
            for one in receives
        )
    )  # fmt: skip
