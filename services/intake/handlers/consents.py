"""What intake does about consents: recorded, withdrawn, asked for."""

from services.intake.domain.consents import PURPOSES, Consent, state_of
from services.intake.handlers.work import IntakeWork, found
from shared import access
from shared.access import Role
from shared.contracts.intake import (
    SHARE_CONTACT,
    ConsentList,
    ConsentRecorded,
    ConsentState,
    ConsentView,
    ConsentWithdrawn,
    ContactView,
    GetConsent,
    GetSharedContact,
    ListConsents,
    RecordConsent,
    WithdrawConsent,
)
from shared.errors import Forbidden, Invalid, NotFound

TEXT_LIMIT = 1000
NAME_LIMIT = 200


def record_consent(command: RecordConsent, uow: IntakeWork) -> ConsentView:
    """By the contact itself, or by staff it was told to, who then say how (6.3 b; a consent for each recipient)."""
    with uow:
        request = found(command.request_id, "", uow)
        access.check(uow.actor, "record_consent", park=request.park, request_id=request.request_id)
        _check(command, by_staff=uow.actor.role != Role.CLIENT)
        consent = Consent(
            consent_id=uow.new_id(), request_id=request.request_id, park=request.park, number=request.number,
            purpose=command.purpose, organization=command.organization.strip(),
            organization_name=command.organization_name.strip(), note=command.note.strip(),
            given_at=uow.now, given_by=uow.actor.name, given_by_role=uow.actor.role,
        )  # fmt: skip
        uow.consents.add(consent)
        uow.say(
            ConsentRecorded(
                park=request.park, request_id=request.request_id, consent_id=consent.consent_id, number=request.number,
                purpose=consent.purpose, organization=consent.organization,
                organization_name=consent.organization_name,
            )
        )  # fmt: skip
        return uow.commit(consent.view())


def _check(command: RecordConsent, by_staff: bool) -> None:
    wrong = {}
    if command.purpose not in PURPOSES:
        wrong["purpose"] = "请从列出的选项里选"
    if len(command.organization) > NAME_LIMIT or len(command.organization_name) > NAME_LIMIT:
        wrong["organization"] = "最多写 200 个字"
    if by_staff and not command.note.strip():
        wrong["note"] = "请写明对方是怎么同意的，例如：电话里口头同意"
    elif len(command.note) > TEXT_LIMIT:
        wrong["note"] = "最多写 1000 个字"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)


def withdraw_consent(command: WithdrawConsent, uow: IntakeWork) -> ConsentView:
    with uow:
        consent = uow.consents.get(command.consent_id)
        if consent is None:
            raise NotFound("没有这项同意")
        access.check(uow.actor, "record_consent", park=consent.park, request_id=consent.request_id)
        if len(command.reason) > TEXT_LIMIT:
            raise Invalid("请检查填写的内容", fields={"reason": "最多写 1000 个字"})
        consent.withdraw(uow.actor, command.reason.strip(), uow.now)
        uow.consents.put(consent)
        uow.say(
            ConsentWithdrawn(
                park=consent.park, request_id=consent.request_id, consent_id=consent.consent_id, number=consent.number,
                purpose=consent.purpose, organization=consent.organization,
            )
        )  # fmt: skip
        return uow.commit(consent.view())


def get_consent(query: GetConsent, uow: IntakeWork) -> ConsentState:
    with uow:
        request = found(query.request_id, "", uow)
        access.check(uow.actor, "read_consent", park=request.park, request_id=request.request_id)
        return _state(query.request_id, query.purpose, query.organization, uow)


def list_consents(query: ListConsents, uow: IntakeWork) -> ConsentList:
    with uow:
        request = found(query.request_id, "", uow)
        access.check(uow.actor, "read_consent", park=request.park, request_id=request.request_id)
        return ConsentList(consents=tuple(one.view() for one in uow.consents.of_requests([request.request_id])))


def get_shared_contact(query: GetSharedContact, uow: IntakeWork) -> ContactView:
    """Personal data leave the station only to an organization that has the contact's own consent."""
    with uow:
        request = found(query.request_id, "", uow)
        access.check(uow.actor, "share_contact", park=request.park)
        if not _state(query.request_id, SHARE_CONTACT, query.organization, uow).given:
            raise Forbidden("联系人还没有同意把联系方式告诉这家机构")
    contact = request.contact
    return ContactView(name=contact.name, phone=contact.phone, email=contact.email)


def _state(request_id: str, purpose: str, organization: str, uow: IntakeWork) -> ConsentState:
    given = [one for one in uow.consents.of_requests([request_id]) if one.purpose == purpose]
    return state_of(given, organization)
