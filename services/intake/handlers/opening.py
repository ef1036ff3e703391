"""How a request begins, whatever brought the need."""

import secrets

from services.intake.channel import receives
from services.intake.domain.clients import Client
from services.intake.domain.occasions import on_behalf, recorded
from services.intake.domain.requests import Contact, Request, check_need
from services.intake.handlers.files import claim_files
from services.intake.handlers.work import IntakeWork
from shared.contracts.intake import SubmitNeed
from shared.errors import Invalid
from shared.uscc import credit_code


def open_request(need: SubmitNeed, uow: IntakeWork) -> Request:
    """Check the need, number it, and say that it was received; within the caller's transaction. Raises Invalid."""
    check_need(need, uow.actor, uow.now)
    stated = uow.actor.client or need.credit_code
    code = credit_code(stated) if stated else ""
    number = uow.parks.next_number(need.park, uow.now.astimezone(uow.zone).year)
    if number is None:
        raise Invalid("请检查填写的内容", fields={"park": "没有这个园区，请从列表里选"})
    request = Request(
        request_id=uow.new_id(), park=need.park, number=number,
        company=need.company.strip(), text=need.text.strip(), channel=need.channel, received_at=uow.now,
        contact=Contact(
            name=need.contact_name.strip(), phone=need.phone, email=need.email, code=f"{secrets.randbelow(10**6):06d}"
        ),
        category=need.category, item=need.item, details=need.details,
        occasion=recorded(need, uow.actor, uow.now), on_behalf=on_behalf(receives[need.channel], uow.actor),
        reference=need.reference, credit_code=code,
    )  # fmt: skip
    uow.requests.add(request)
    uow.traces.put(request)
    if code:
        uow.clients.meet(Client(credit_code=code, name=request.company, known_since=uow.now))
    uow.say(request.received())
    claim_files(need.files, request, uow)
    return request
