"""One round of the mail: what came is taken in and put away, what is due is sent."""

from collections.abc import Iterator
from dataclasses import replace

from prometheus_client import Counter, Gauge

from services.intake.domain.letters import Letter
from services.intake.domain.mails import TEXT_LIMIT, Fate, Part
from services.intake.handlers import letters, mails
from services.intake.handlers.work import IntakeWork
from services.intake.mail.mailbox import ASIDE, DONE, Mailbox, Waiting
from services.intake.mail.reading import read, unreadable
from services.intake.mail.sending import PutOff, Refused, send
from shared import log
from shared.config import Settings
from shared.contracts.intake import RegisterFile
from shared.crash import crash_point
from shared.errors import Invalid, Unavailable
from shared.files import Incoming, Shelf

MEGABYTE = 1024 * 1024
SENDS = 100  # mails of ours in one round
WHOLE = "邮件原文.eml"

MAILS = Counter("nqi_mails_total", "Mails taken in, by what became of them.", ["fate"])
ASIDE_NOW = Gauge("nqi_mails_set_aside", "Mails that wait for staff to look at them.")
LETTERS = Counter("nqi_letters_total", "Mails of ours, by how the sending went.", ["outcome"])

logger = log.get(__name__)


def take_in(uow: IntakeWork, shelf: Shelf, given: Settings) -> int:
    """Every mail that waits in the mailbox; returns how many were taken. Raises Unavailable."""
    taken = 0
    with Mailbox(given.imap_uri) as mailbox:
        for waiting in mailbox.waiting():
            tries = mails.begin(waiting.delivery, uow)
            if not tries:
                continue  # another instance is at it
            try:
                fate = _take(waiting, tries, mailbox, uow, shelf, given)
            except Unavailable:
                mails.let_go(waiting.delivery, uow, again=True)
                raise
            crash_point("mail_taken")
            if fate is not None:
                mailbox.put_away(waiting.uid, ASIDE if fate is Fate.SET_ASIDE else DONE)
                MAILS.labels(fate).inc()
                taken += 1
            mails.let_go(waiting.delivery, uow)
    ASIDE_NOW.set(mails.waiting(uow))
    return taken


def _take(
    waiting: Waiting, tries: int, mailbox: Mailbox, uow: IntakeWork, shelf: Shelf, given: Settings
) -> Fate | None:
    """What became of the mail; None if it is there no more."""
    too_large = waiting.size > given.mail_mb * MEGABYTE
    content = mailbox.read(waiting.uid, head_only=too_large)
    if content is None:
        return None
    if tries > mails.TRIES:
        mail, parts = unreadable(content, "这封邮件处理了几次都没有成功"), [_whole(content)]
    else:
        mail = read(content)
        parts = list(mail.parts)
    if too_large:
        mail = replace(mail, trouble="这封邮件太大，只收下了开头，原件在邮箱里")
    kept, refused = _keep(parts, shelf, given)
    if refused or mail.trouble or len(mail.text) > TEXT_LIMIT:
        whole, _ = _keep([_whole(content)], shelf, given)
        kept += whole
    if refused:
        note = "、".join(refused)
        mail = replace(mail, text=f"{mail.text}\n\n（没有收的附件：{note}；见邮件原文）".strip())
    fate = mails.take_mail(mail, kept, uow).fate
    logger.info("mail_taken", fate=fate, delivery=waiting.delivery, tries=tries)
    return fate


def _whole(content: bytes) -> Part:
    return Part(name=WHOLE, declared="message/rfc822", content=content)


def _keep(parts: list[Part], shelf: Shelf, given: Settings) -> tuple[list[RegisterFile], list[str]]:
    """Put the files on the shelf; those that are not taken by name."""
    kept, refused = [], []
    for part in parts:
        with Incoming(shelf, part.name, part.declared, given.file_mb * MEGABYTE) as incoming:
            try:
                incoming.write(part.content)
                found = incoming.keep()
            except Invalid:
                refused.append(incoming.name)
                continue
        kept.append(
            RegisterFile(sha256=found.sha256, name=found.name, content_type=found.content_type, size=found.size)
        )
    return kept, refused


def send_due(uow: IntakeWork, given: Settings) -> int:
    """Every mail of ours that is due; returns how many were sent."""
    sent = 0
    for letter in _due(uow):
        crash_point("letter_claimed")
        refused = put_off = ""
        try:
            send(letter, given.smtp_uri, given.mail_from)
            sent += 1
        except Refused as error:
            refused = str(error)
        except PutOff as error:
            put_off = str(error)
        crash_point("letter_sent")
        letters.settle_letter(letter, refused, put_off, uow)
        outcome = "refused" if refused else "put_off" if put_off else "sent"
        LETTERS.labels(outcome).inc()
        if outcome != "sent":
            logger.warning("letter_not_sent", outcome=outcome, letter_id=letter.letter_id, why=refused or put_off)
    return sent


def _due(uow: IntakeWork) -> Iterator[Letter]:
    for _ in range(SENDS):
        letter = letters.claim_letter(uow)
        if letter is None:
            return
        yield letter
