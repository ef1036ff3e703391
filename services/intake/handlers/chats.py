"""What intake does about instant messages: each taken once, answered once, and none left without an owner."""

from urllib.parse import quote

from services.intake.domain import chat_texts
from services.intake.domain.chats import (
    ENTERED,
    EVENT,
    TEXT,
    Chat,
    Fate,
    Introduction,
    Person,
    Reply,
    company_unknown,
    introduction,
    without_mark,
)
from services.intake.domain.requests import TEXT_LIMIT, Request
from services.intake.domain.sending import Way
from services.intake.handlers.opening import open_request
from services.intake.handlers.work import IntakeWork, found
from shared import access
from shared.contracts.dispatch import ItemAnswered, ItemClosed, ItemMerged, ItemRefused, ItemWithdrawn
from shared.contracts.intake import (
    ChatTaken,
    ClientWritten,
    LetterReturned,
    MessageAdded,
    Occasion,
    SubmitNeed,
    TakeChat,
    Written,
)

ItemEnded = ItemAnswered | ItemClosed | ItemMerged | ItemRefused | ItemWithdrawn


def take_chat(command: TakeChat, uow: IntakeWork) -> ChatTaken:
    access.check(uow.actor, "take_chat")
    with uow:
        person = uow.chats.person(command.sender)
        chat = uow.chats.get(command.message_id)
        if chat is None:
            chat = Chat(
                message_id=command.message_id, person=person.key, kind=command.kind, text=command.text.strip(),
                arrived_at=uow.now,
            )  # fmt: skip
            uow.chats.add(chat)
            _take(chat, person, command, uow)
            uow.chats.put(chat)
        return uow.commit(ChatTaken(fate=chat.fate, number=chat.number))


def _take(chat: Chat, person: Person, command: TakeChat, uow: IntakeWork) -> None:
    if chat.kind.startswith(EVENT):
        _greet(chat, person, uow)
        return
    if chat.kind != TEXT or not chat.text:
        chat.becomes(Fate.ANSWERED)
        page = f"{uow.site}/{person.park}".rstrip("/")
        _reply(f"words:{chat.message_id}", person, chat_texts.words_only(page), uow)
        return
    waiting = uow.chats.waiting(person.key)
    asked = not person.known and person.asked_at is not None
    said = introduction(chat.text, uow.parks.shorts(), asked)
    if said:
        _introduce(chat, person, said, waiting, uow)
        return
    text, another = without_mark(chat.text)
    if not text:
        chat.becomes(Fate.ANSWERED)
        _reply(f"more:{chat.message_id}", person, chat_texts.more_wanted(), uow)
    elif not person.known:
        chat.becomes(Fate.WAITING)
        if not waiting:
            _ask(chat, person, uow)
    elif not another and (last := _followed(person, uow)):
        _add(chat, person, last, uow)
    else:
        _open([chat], person, command, uow)


def _greet(chat: Chat, person: Person, uow: IntakeWork) -> None:
    if chat.kind in ENTERED and person.to_be_greeted(uow.now):
        chat.becomes(Fate.ANSWERED)
        person.greeted_at = uow.now
        uow.chats.put_person(person)
        _reply(f"greeting:{chat.message_id}", person, chat_texts.greeting(), uow)


def _introduce(chat: Chat, person: Person, said: Introduction, waiting: list[Chat], uow: IntakeWork) -> None:
    person.introduce(said)
    uow.chats.put_person(person)
    chat.becomes(Fate.INTRODUCED)
    if waiting:
        _open(waiting, person, None, uow)
    else:
        noted = chat_texts.introduced(uow.parks.shorts()[said.park], said.company)
        _reply(f"introduced:{chat.message_id}", person, noted, uow)


def _ask(chat: Chat, person: Person, uow: IntakeWork) -> None:
    parks = uow.parks.shorts()
    said = chat_texts.asked(parks.values(), uow.manners.minutes, parks.get(uow.manners.park, ""))
    person.asked_at = uow.now
    uow.chats.put_person(person)
    _reply(f"ask:{chat.message_id}", person, said, uow)


def _followed(person: Person, uow: IntakeWork) -> Chat | None:
    """The message of theirs that this one follows, if it came not long ago."""
    last = uow.chats.last_about(person.key)
    return last if last and uow.now - last.arrived_at <= uow.manners.follow else None


def _add(chat: Chat, person: Person, last: Chat, uow: IntakeWork) -> None:
    request = found(last.request_id, "", uow)
    chat.becomes(Fate.ADDED, request.request_id, request.number)
    uow.say(
        MessageAdded(
            park=request.park, request_id=request.request_id, number=request.number, message_id=chat.message_id,
            channel="im",
        )
    )  # fmt: skip
    _reply(f"added:{chat.message_id}", person, chat_texts.added(request.number), uow, request)


def _open(chats: list[Chat], person: Person, command: TakeChat | None, uow: IntakeWork) -> None:
    """Several messages that waited together are one need."""
    first = chats[0]
    text = "\n".join(without_mark(chat.text)[0] for chat in chats)
    said_at = command.sent_at if command and command.sent_at and command.sent_at <= uow.now else first.arrived_at
    need = SubmitNeed(
        park=person.park or uow.manners.park, text=text[:TEXT_LIMIT], company=person.company or company_unknown(),
        channel="im", contact_name=person.name, phone=person.phone, occasion=Occasion(at=said_at),
        reference=first.message_id,
    )  # fmt: skip
    request = open_request(need, uow)
    for chat in chats:
        chat.becomes(Fate.NEED, request.request_id, request.number)
        uow.chats.put(chat)
    track = f"{uow.site}/track?number={quote(request.number, safe='')}"
    said = chat_texts.received(request.number, request.contact.code, track, uow.manners.hours)
    _reply(f"receipt:{request.request_id}", person, said, uow, request)


def open_left_waiting(uow: IntakeWork) -> bool:
    """Whoever did not say in time which park: the station that takes what no one else does; False if there is none."""
    with uow:
        user = uow.chats.left_waiting(uow.now - uow.manners.ask)
        if not user:
            return False
        person = uow.chats.person(user)
        if waiting := uow.chats.waiting(person.key):
            _open(waiting, person, None, uow)
        uow.commit()
    return True


def end_chat(event: ItemEnded, uow: IntakeWork) -> None:
    """What its client writes from now on is another need, or nobody would see it."""
    with uow:
        uow.chats.end(event.request_id)
        uow.commit()


def claim_reply(uow: IntakeWork) -> Reply | None:
    """One that is due, marked as being sent before it is; None if there is none."""
    with uow:
        reply = uow.chats.due(uow.now)
        if reply is not None:
            reply.take(uow.now)
            uow.chats.put_reply(reply)
            uow.commit()
    return reply


def settle_reply(reply: Reply, refused: str, put_off: str, uow: IntakeWork) -> None:
    """How the sending went: refused for good, put off, or neither."""
    with uow:
        if refused:
            reply.fail(refused)
        elif put_off:
            reply.put_off(put_off, uow.now)
        else:
            reply.sent()
        if reply.way is Way.FAILED and reply.request_id:
            request = found(reply.request_id, "", uow)
            uow.say(
                LetterReturned(
                    park=request.park, request_id=request.request_id, number=request.number,
                    message_id=reply.reply_id, trouble=reply.trouble, channel="im",
                )
            )  # fmt: skip
        uow.chats.put_reply(reply)
        uow.commit()


def exchanged(request: Request, uow: IntakeWork) -> list[Written]:
    """What the client added by instant message, and what staff wrote back."""
    came = [
        Written(message_id=chat.message_id, ours=False, at=chat.arrived_at, who="", subject="", text=chat.text)
        for chat in uow.chats.of_request(request.request_id)
        if chat.fate is Fate.ADDED
    ]
    went = [
        Written(
            message_id=reply.reply_id, ours=True, at=reply.written_at, who=reply.written_by, subject="",
            text=reply.text, way=reply.way, trouble=reply.trouble,
        )
        for reply in uow.chats.replies_of(request.request_id)
        if reply.written_by
    ]  # fmt: skip
    return [*came, *went]


def can_answer_in_chat(request: Request, uow: IntakeWork) -> bool:
    """Whether the need came by a messenger that tells who wrote."""
    return request.channel == "im" and bool(uow.chats.replies_of(request.request_id))


def answer_in_chat(request: Request, text: str, uow: IntakeWork) -> ClientWritten | None:
    """What staff write goes the way the need came; None if it came another way."""
    if not can_answer_in_chat(request, uow):
        return None
    receipt = uow.chats.replies_of(request.request_id)[0]
    reply = Reply(
        reply_id=uow.new_id(), fact=f"answer:{uow.new_id()}", person=receipt.person, user=receipt.user,
        text=chat_texts.answered(request.number, text), written_at=uow.now, due_at=uow.now,
        request_id=request.request_id, written_by=uow.actor.name or uow.actor.id,
    )  # fmt: skip
    uow.chats.add_reply(reply)
    return ClientWritten(
        park=request.park, request_id=request.request_id, number=request.number, message_id=reply.reply_id, channel="im"
    )


def _reply(fact: str, person: Person, text: str, uow: IntakeWork, request: Request | None = None) -> None:
    uow.chats.add_reply(
        Reply(
            reply_id=uow.new_id(), fact=fact, person=person.key, user=person.user, text=text, written_at=uow.now,
            due_at=uow.now, request_id=request.request_id if request else "",
        )
    )  # fmt: skip
