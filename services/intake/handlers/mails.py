"""What intake does about mails: judged as they come, and those set aside settled by staff."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from services.intake.domain.files import MEGABYTE, MOST, MOST_OF_ALL, File, check_room
from services.intake.domain.letters import Way
from services.intake.domain.mails import (
    Fate,
    Judged,
    Known,
    Mail,
    Taken,
    company_in,
    judge,
    need_in,
    numbers_in,
)
from services.intake.domain.requests import COMPANY_LIMIT, EMAIL, Request
from services.intake.handlers.letters import receipt, say_returned
from services.intake.handlers.opening import open_request
from services.intake.handlers.work import IntakeWork, found
from shared import access
from shared.access import EVERYWHERE
from shared.contracts.intake import (
    AddMail,
    GetMail,
    ListMails,
    MailPage,
    MailView,
    MessageAdded,
    Occasion,
    OpenFromMail,
    RegisterFile,
    SettleMail,
    SubmitNeed,
)
from shared.errors import Invalid, NotFound

HELD = timedelta(minutes=5)  # longer than one mail may take
TRIES = 3  # a mail that was begun so often and never done with is set aside unread
HOUR = timedelta(hours=1)
PAGE_LIMIT = 200


def begin(delivery: str, uow: IntakeWork) -> int:
    """Claim one mail of the mailbox; how often it has been begun, or 0 while another instance has it."""
    with uow:
        tries = uow.mails.begin(delivery, uow.now, uow.now + HELD)
        uow.commit()
    return tries


def let_go(delivery: str, uow: IntakeWork, again: bool = False) -> None:
    """The mail is out of the mailbox; or, `again`, the world was wrong and it is tried later."""
    with uow:
        uow.mails.let_go(delivery, again)
        uow.commit()


def take_mail(mail: Mail, files: Sequence[RegisterFile], uow: IntakeWork) -> Taken:
    """Everything that follows from one mail, in one transaction; once, however often it is delivered."""
    with uow:
        identity = mail.message_id
        before = uow.mails.by_message_id(identity)
        if before and before.digest != mail.digest:
            identity, mail = f"{identity}#{mail.digest[:16]}", replace(mail, trouble=_SAME_ID)
            before = uow.mails.by_message_id(identity)
        if before:
            return before
        judged = judge(mail, _known(mail, files, uow), uow.addresses)
        taken = Taken(
            mail_id=uow.new_id(), message_id=identity, digest=mail.digest, sender=mail.sender,
            sender_name=mail.sender_name, subject=mail.subject, text=mail.text, arrived_at=uow.now,
            fate=judged.fate, reason=judged.reason, park=judged.park, request_id=judged.request_id,
        )  # fmt: skip
        if not uow.mails.add(taken):  # another instance was first, just now
            return uow.mails.by_message_id(identity) or taken
        kept = _keep(files, taken, uow)
        match judged.fate:
            case Fate.NEED:
                request = _open(mail, judged, taken, uow)
                _give(kept, request, taken, uow)
                receipt(request, mail, uow)
            case Fate.ADDED:
                _add(taken, found(judged.request_id, "", uow), kept, uow)
            case Fate.BOUNCED:
                _come_back(mail, taken, uow)
        uow.mails.put(taken)
        uow.commit()
    return taken


_SAME_ID = "以前有一封邮件的标识和它一样，内容却不同"


def _known(mail: Mail, files: Sequence[RegisterFile], uow: IntakeWork) -> Known:
    answered = next((letter for one in mail.answers if (letter := uow.letters.by_message_id(one))), None)
    returned = uow.letters.by_message_id(mail.bounce.original) if mail.bounce else None
    numbered = next((r for one in numbers_in(mail.subject) if (r := uow.requests.by_number(one))), None)
    return Known(
        parks=tuple(uow.parks.all()),
        answered=answered.request_id if answered else "",
        numbered=numbered.request_id if numbered else "",
        numbered_is_senders=bool(numbered and numbered.contact.email.lower() == mail.sender),
        bounced=returned.request_id if returned else "",
        of_sender=uow.mails.since(mail.sender, uow.now - HOUR),
        own_message=uow.letters.by_message_id(mail.message_id) is not None,
        too_much=_too_much(files, (answered and answered.request_id) or (numbered and numbered.request_id) or "", uow),
    )


def _too_much(files: Sequence[RegisterFile], request_id: str, uow: IntakeWork) -> bool:
    there = uow.files.of_request(request_id) if request_id else []
    size = sum(file.size for file in files) + sum(file.size for file in there)
    return len(files) > MOST or len(files) + len(there) > MOST_OF_ALL or size > uow.request_mb * MEGABYTE


def _keep(files: Sequence[RegisterFile], taken: Taken, uow: IntakeWork) -> list[File]:
    """The mail's files, held by it until a request has them."""
    kept = [
        File(
            file_id=uow.new_id(), sha256=one.sha256, name=one.name, content_type=one.content_type, size=one.size,
            added_at=uow.now, mail_id=taken.mail_id,
        )
        for one in files
    ]  # fmt: skip
    for file in kept:
        uow.files.add(file)
    return kept


def _open(mail: Mail, judged: Judged, taken: Taken, uow: IntakeWork) -> Request:
    last = uow.mails.last_request_of(mail.sender)
    before = uow.requests.get(last) if last else None
    need = SubmitNeed(
        park=judged.park, text=need_in(mail), company=company_in(mail, before.company if before else ""),
        channel="email", contact_name=mail.sender_name, email=mail.sender if EMAIL.fullmatch(mail.sender) else "",
        credit_code=before.credit_code if before else "",
        occasion=Occasion(at=mail.sent_at if mail.sent_at and mail.sent_at <= uow.now else uow.now),
        reference=mail.message_id,
    )  # fmt: skip
    request = open_request(need, uow)
    taken.request_id = request.request_id
    return request


def _give(kept: Sequence[File], request: Request, taken: Taken, uow: IntakeWork) -> None:
    for file in kept:
        file.claim(request.request_id, "mail")
        uow.files.put(file)
        uow.say(file.added(request.park, request.number))


def _add(taken: Taken, request: Request, kept: Sequence[File], uow: IntakeWork) -> None:
    """The mail belongs to a request that is there; it never opens a second one."""
    check_room(kept, uow.files.of_request(request.request_id), uow.request_mb * MEGABYTE)
    taken.request_id, taken.park = request.request_id, request.park
    _give(kept, request, taken, uow)
    uow.say(
        MessageAdded(
            park=request.park, request_id=request.request_id, number=request.number, message_id=taken.mail_id,
            files=len(kept),
        )
    )  # fmt: skip


def _come_back(mail: Mail, taken: Taken, uow: IntakeWork) -> None:
    letter = uow.letters.by_message_id(mail.bounce.original) if mail.bounce else None
    if letter and mail.bounce:
        taken.park = letter.park
        if letter.way is not Way.RETURNED:
            letter.come_back(mail.bounce.status)
            uow.letters.put(letter)
            say_returned(letter, mail.bounce.status, uow)


def waiting(uow: IntakeWork) -> int:
    """How many mails wait for staff."""
    with uow:
        return uow.mails.count(Fate.SET_ASIDE, (EVERYWHERE,))


# --- what staff do with those that were set aside


def list_mails(query: ListMails, uow: IntakeWork) -> MailPage:
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise Invalid("请检查填写的内容", fields={"limit": "一次最多取 200 条"})
    if query.fate and query.fate not in set(Fate):
        raise Invalid("请检查填写的内容", fields={"fate": "请从列出的选项里选"})
    parks = access.parks_of(uow.actor, "handle_mail")
    with uow:
        mails = uow.mails.page((query.fate,) if query.fate else tuple(Fate), parks, query.after, query.limit)
        waiting = uow.mails.count(Fate.SET_ASIDE, parks)
    more = mails[-1].mail_id if len(mails) == query.limit else ""
    return MailPage(mails=tuple(_view(mail) for mail in mails), waiting=waiting, next=more)


def get_mail(query: GetMail, uow: IntakeWork) -> MailView:
    with uow:
        return _view(_mail(query.mail_id, uow))


def open_from_mail(command: OpenFromMail, uow: IntakeWork) -> MailView:
    with uow:
        taken = _mail(command.mail_id, uow)
        access.check(uow.actor, "submit_need", park=command.park)
        access.check(uow.actor, "handle_mail", park=command.park)
        if len(command.company) > COMPANY_LIMIT or not command.company.strip():
            raise Invalid("请检查填写的内容", fields={"company": "请填写企业名称"})
        text = command.text.strip() or need_in(_as_mail(taken))
        need = SubmitNeed(
            park=command.park, text=text, company=command.company.strip(), channel="email",
            contact_name=taken.sender_name, email=taken.sender if EMAIL.fullmatch(taken.sender) else "",
            occasion=Occasion(by=uow.actor.name, at=taken.arrived_at), reference=taken.message_id,
        )  # fmt: skip
        taken.settle(Fate.NEED, uow.actor.name)
        request = open_request(need, uow)
        taken.request_id, taken.park = request.request_id, request.park
        _give(uow.files.of_mail(taken.mail_id), request, taken, uow)
        uow.mails.put(taken)
        receipt(request, _as_mail(taken), uow)
        return uow.commit(_view(taken))


def add_mail(command: AddMail, uow: IntakeWork) -> MailView:
    with uow:
        taken = _mail(command.mail_id, uow)
        request = uow.requests.by_number(command.number.strip())
        if request is None:
            raise Invalid("请检查填写的内容", fields={"number": "没有这个编号，请核对"})
        access.check(uow.actor, "handle_mail", park=request.park)
        taken.settle(Fate.ADDED, uow.actor.name)
        _add(taken, request, uow.files.of_mail(taken.mail_id), uow)
        uow.mails.put(taken)
        return uow.commit(_view(taken))


def settle_mail(command: SettleMail, uow: IntakeWork) -> MailView:
    with uow:
        taken = _mail(command.mail_id, uow)
        taken.settle(Fate.SETTLED, uow.actor.name)
        uow.mails.put(taken)
        return uow.commit(_view(taken))


def _mail(mail_id: str, uow: IntakeWork) -> Taken:
    """A mail of the actor's parks; one of no park concerns every park. Raises NotFound or Forbidden."""
    parks = access.parks_of(uow.actor, "handle_mail")
    taken = uow.mails.get(mail_id)
    if taken is None or (taken.park and EVERYWHERE not in parks and taken.park not in parks):
        raise NotFound("没有这封邮件")
    return taken


def _as_mail(taken: Taken) -> Mail:
    return Mail(
        message_id=taken.message_id, digest=taken.digest, sender=taken.sender, sender_name=taken.sender_name,
        recipients=(), subject=taken.subject, text=taken.text,
    )  # fmt: skip


def _view(taken: Taken) -> MailView:
    values = {name: value for name, value in vars(taken).items() if name not in ("message_id", "digest")}
    return MailView(**{**values, "fate": str(taken.fate)})
