"""What intake does about mails of ours: written once for each fact, claimed, sent, and shown beside the client's."""

from urllib.parse import quote

from services.intake.domain.letters import Letter, Way, answer_text, receipt_text
from services.intake.domain.mails import OURS, Mail
from services.intake.domain.requests import TEXT_LIMIT, Request
from services.intake.handlers.chats import answer_in_chat, can_answer_in_chat, exchanged
from services.intake.handlers.work import IntakeWork, found
from shared import access
from shared.contracts.intake import ClientWritten, Correspondence, LetterReturned, ListMessages, WriteToClient, Written
from shared.errors import Invalid


def receipt(request: Request, mail: Mail, uow: IntakeWork) -> None:
    """Tell the sender number and code. A machine that wrote is never answered."""
    if not request.contact.email or not uow.addresses.station or mail.automatic or mail.bounce:
        return
    text = receipt_text(request.number, request.contact.code, _track(request, uow))
    subject = f"已收到 {request.number}：{mail.subject}"
    _write(f"receipt:{request.request_id}", request, subject, text, mail.message_id, "", uow)


def write_to_client(command: WriteToClient, uow: IntakeWork) -> Correspondence:
    text = command.text.strip()
    if not text or len(text) > TEXT_LIMIT:
        raise Invalid("请检查填写的内容", fields={"text": "请写下要告诉企业的话，最多 5000 个字"})
    with uow:
        request = found(command.request_id, "", uow)
        access.check(uow.actor, "write_to_client", park=request.park)
        if not _possible(request, uow):
            raise Invalid("请检查填写的内容", fields={"text": "这件事没有留邮箱，或者服务站没有开通邮件，请打电话"})
        if answered := answer_in_chat(request, text, uow):
            uow.say(answered)
            return uow.commit(_correspondence(request, uow))
        last = next(iter(reversed(uow.mails.of_request(request.request_id))), None)
        answer = answer_text(text, request.number, _track(request, uow))
        letter = _write(
            f"answer:{uow.new_id()}", request, f"关于 {request.number}", answer,
            last.message_id if last else "", uow.actor.name, uow,
        )  # fmt: skip
        uow.say(
            ClientWritten(
                park=request.park, request_id=request.request_id, number=request.number, message_id=letter.letter_id
            )
        )
        return uow.commit(_correspondence(request, uow))


def _track(request: Request, uow: IntakeWork) -> str:
    return f"{uow.site}/track?number={quote(request.number, safe='')}"


def _write(fact: str, request: Request, subject: str, text: str, answers: str, by: str, uow: IntakeWork) -> Letter:
    letter_id = uow.new_id()
    letter = Letter(
        letter_id=letter_id, fact=fact, request_id=request.request_id, park=request.park,
        message_id=f"{OURS}{letter_id}@{uow.addresses.domain}", to=request.contact.email,
        subject=" ".join(subject.split())[:150], text=text, answers=answers, written_by=by, written_at=uow.now,
        due_at=uow.now,
    )  # fmt: skip
    uow.letters.add(letter)
    return letter


def claim_letter(uow: IntakeWork) -> Letter | None:
    """One that is due, marked as being sent before it is; None if there is none."""
    with uow:
        letter = uow.letters.due(uow.now)
        if letter is not None:
            letter.take(uow.now)
            uow.letters.put(letter)
            uow.commit()
    return letter


def settle_letter(letter: Letter, refused: str, put_off: str, uow: IntakeWork) -> None:
    """How the sending went: refused for good, put off, or neither."""
    with uow:
        if refused:
            letter.fail(refused)
            say_returned(letter, refused, uow)
        elif put_off:
            letter.put_off(put_off, uow.now)
            if letter.way is Way.FAILED:
                say_returned(letter, put_off, uow)
        else:
            letter.sent()
        uow.letters.put(letter)
        uow.commit()


def say_returned(letter: Letter, why: str, uow: IntakeWork) -> None:
    """It did not reach the client: staff must know."""
    request = found(letter.request_id, "", uow)
    uow.say(
        LetterReturned(
            park=letter.park, request_id=letter.request_id, number=request.number, message_id=letter.letter_id,
            trouble=why,
        )
    )  # fmt: skip


def list_messages(query: ListMessages, uow: IntakeWork) -> Correspondence:
    with uow:
        request = found(query.request_id, "", uow)
        access.check(uow.actor, "read_messages", park=request.park, request_id=request.request_id)
        return _correspondence(request, uow)


def _possible(request: Request, uow: IntakeWork) -> bool:
    return bool(request.contact.email and uow.addresses.station) or can_answer_in_chat(request, uow)


def _correspondence(request: Request, uow: IntakeWork) -> Correspondence:
    came = [
        Written(
            message_id=mail.mail_id, ours=False, at=mail.arrived_at, who=mail.sender_name or mail.sender,
            subject=mail.subject, text=mail.text,
        )
        for mail in uow.mails.of_request(request.request_id)
    ]  # fmt: skip
    went = [
        Written(
            message_id=letter.letter_id, ours=True, at=letter.written_at, who=letter.written_by,
            subject=letter.subject, text=letter.text, way=letter.way, trouble=letter.trouble,
        )
        for letter in uow.letters.of_request(request.request_id)
        if letter.written_by
    ]  # fmt: skip
    return Correspondence(
        messages=tuple(sorted([*came, *went, *exchanged(request, uow)], key=lambda one: one.at)),
        possible=_possible(request, uow),
    )
