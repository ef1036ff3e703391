"""What a mail is, and what becomes of it: a need, an addition, or none of our business (clause 6.2 b)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.errors import IllegalMove

PER_HOUR = 20  # mails of one sender; what is more waits for staff, and is not answered
NUMBER = re.compile(r"[\w·]{1,20}\d{4}-\d{4,6}")
OURS = "nqi."  # our Message-IDs begin so


class Fate(StrEnum):
    """What became of a mail."""

    NEED = "need"  # it opened a request
    ADDED = "added"  # it belongs to a request that is there
    BOUNCED = "bounced"  # it says that a mail of ours did not arrive
    AUTOMATIC = "automatic"  # a machine wrote it
    LOOP = "loop"  # we wrote it
    SET_ASIDE = "set_aside"  # staff must look at it
    SETTLED = "settled"  # staff have looked at it, and nothing came of it


@dataclass(frozen=True, kw_only=True)
class Part:
    """A file that came with a mail."""

    name: str
    declared: str  # the media type its sender says it has
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """A report that a mail did not arrive. `original` is that mail's Message-ID, if the report tells."""

    original: str
    recipient: str
    status: str  # RFC 3463, such as 5.1.1
    failed: bool  # False: it is only late


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail as it could be read. `trouble` says why it cannot be understood; `automatic` why no person wrote it."""

    message_id: str  # without brackets; made from the content if the sender gave none
    digest: str  # of what the sender wrote, whatever way the mail took
    sender: str
    sender_name: str
    recipients: tuple[str, ...]  # every address it may have been sent to, in lower case
    subject: str
    text: str
    answers: tuple[str, ...] = ()  # Message-IDs it answers
    sent_at: datetime | None = None
    automatic: str = ""
    bounce: Bounce | None = None
    parts: tuple[Part, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Which addresses are ours, and which park each means. `station+tianan@` means tianan everywhere."""

    station: str  # the address our mails come from
    parks: Mapping[str, str] = field(default_factory=dict)  # address -> park

    @property
    def domain(self) -> str:
        return self.station.rpartition("@")[2]

    def ours(self, address: str) -> bool:
        return _plain(address) in {_plain(self.station), *map(_plain, self.parks)}

    def park_of(self, recipients: tuple[str, ...], known: tuple[str, ...]) -> str:
        """The park that one of these addresses means; the only park there is, if none does; empty if unclear."""
        meant = {self.parks[one] for one in recipients if one in self.parks}
        meant |= {tag for one in recipients if self.ours(one) and (tag := _tag(one)) in known}
        if not meant and len(known) == 1:
            return known[0]
        return meant.pop() if len(meant) == 1 else ""


def _plain(address: str) -> str:
    """The address without its plus part."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _tag(address: str) -> str:
    return address.rpartition("@")[0].partition("+")[2]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What we know that a mail may be about, looked up for this mail."""

    parks: tuple[str, ...]
    answered: str = ""  # the request that a mail of ours, which this one answers, was about
    numbered: str = ""  # the request whose number stands in the subject
    numbered_is_senders: bool = False  # and whose contact has this sender's address
    bounced: str = ""  # the request that the mail which did not arrive was about
    of_sender: int = 0  # mails of this sender in the last hour
    own_message: bool = False  # we sent a mail with this very Message-ID
    too_much: bool = False  # more files than a request may have


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What becomes of a mail. `reason` is a text for staff, where there is something to say."""

    fate: Fate
    reason: str = ""
    park: str = ""
    request_id: str = ""


def _ours(message_id: str, addresses: Addresses) -> bool:
    return message_id.startswith(OURS) and message_id.endswith(f"@{addresses.domain}")


def judge(mail: Mail, known: Known, addresses: Addresses) -> Judged:
    """The first that holds. Machines are never answered, and nothing a person may have written is thrown away."""
    if known.own_message or addresses.ours(mail.sender) or _ours(mail.message_id, addresses):
        return Judged(fate=Fate.LOOP, reason="这是我们自己发出的邮件")
    if mail.bounce:
        if mail.bounce.failed:
            return Judged(fate=Fate.BOUNCED, reason="我们发出的邮件没有送到", request_id=known.bounced)
        return Judged(fate=Fate.AUTOMATIC, reason="对方的邮件系统说会晚一点送到", request_id=known.bounced)
    if mail.automatic:
        return Judged(fate=Fate.AUTOMATIC, reason=mail.automatic, request_id=known.answered)
    if mail.trouble:
        return Judged(fate=Fate.SET_ASIDE, reason=mail.trouble)
    if known.too_much:
        return Judged(fate=Fate.SET_ASIDE, reason="附件太多或太大")
    if known.of_sender >= PER_HOUR:
        return Judged(fate=Fate.SET_ASIDE, reason="这个发件人一小时内来信太多")
    if known.answered:
        return Judged(fate=Fate.ADDED, request_id=known.answered)
    if known.numbered:
        if known.numbered_is_senders:
            return Judged(fate=Fate.ADDED, request_id=known.numbered)
        return Judged(fate=Fate.SET_ASIDE, reason="主题里有受理编号，但发件人不是那件事的联系人")
    if not mail.text and not mail.subject and not mail.parts:
        return Judged(fate=Fate.SET_ASIDE, reason="这封邮件没有内容")
    park = addresses.park_of(mail.recipients, known.parks)
    if not park:
        return Judged(fate=Fate.SET_ASIDE, reason="看不出是给哪个园区的")
    return Judged(fate=Fate.NEED, park=park)


FIRM = (
    "公司", "企业", "集团", "工厂", "厂", "研究院", "研究所", "事务所", "合作社", "工作室", "经营部", "中心", "商行",
    "协会", "Ltd", "Ltd.", "Inc", "Inc.", "GmbH",
)  # fmt: skip
COMPANY = re.compile(rf"[\w（）()·&., -]{{2,40}}(?:{'|'.join(map(re.escape, FIRM))})\w{{0,6}}")
LABELLED = re.compile(r"^(?:企业名称|公司名称|单位名称|企业|公司|单位)\s*[：:]\s*")
NO_COMPANY = "邮件未写明企业"
LAST_LINES = 12


def company_in(mail: Mail, before: str = "") -> str:
    """The enterprise as far as the mail shows it: as it was before, the sender's name, a name in the last lines."""
    if before and before != NO_COMPANY:
        return before
    if COMPANY.fullmatch(mail.sender_name):
        return mail.sender_name
    for line in reversed(mail.text.splitlines()[-LAST_LINES:]):
        stated = LABELLED.sub("", line.strip())
        if len(stated) <= 60 and COMPANY.fullmatch(stated):
            return stated
    return NO_COMPANY


TEXT_LIMIT = 5000  # characters of a need; a longer mail is kept whole as a file
NO_WORDS = "内容在附件里"


def need_in(mail: Mail) -> str:
    """The need in the sender's own words: the subject, unless the text begins with it, and the text."""
    subject, text = mail.subject.strip(), mail.text.strip()
    whole = text if not subject or text.startswith(subject) else f"{subject}\n\n{text}".strip()
    return (whole or NO_WORDS)[:TEXT_LIMIT]


def numbers_in(subject: str) -> list[str]:
    """What may be the number of a request: 天安2026-0128, also behind other words."""
    found = NUMBER.findall(subject)
    return list(dict.fromkeys(one for each in found for one in (each, *(each[n:] for n in range(1, len(each))))))[:60]


@dataclass(kw_only=True)
class Taken:
    """A mail that came, and what became of it. Sender, subject and text are personal data, and sealed where kept."""

    mail_id: str
    message_id: str
    digest: str
    sender: str
    sender_name: str
    subject: str
    text: str
    arrived_at: datetime
    fate: Fate
    reason: str = ""
    park: str = ""
    request_id: str = ""
    settled_by: str = ""

    def settle(self, fate: Fate, by: str, request_id: str = "", park: str = "") -> None:
        """Staff decide what becomes of it, once; raises IllegalMove."""
        if self.fate not in (Fate.SET_ASIDE, Fate.AUTOMATIC, Fate.BOUNCED):
            raise IllegalMove("这封邮件已经处理过了")
        self.fate, self.settled_by = fate, by
        self.request_id, self.park = request_id or self.request_id, park or self.park


class Mails(Protocol):
    """Every mail that ever came."""

    def add(self, taken: Taken) -> bool:
        """False if a mail with this Message-ID came before."""
        ...

    def get(self, mail_id: str) -> Taken | None:
        """Locked until the transaction ends, if it may write."""
        ...

    def by_message_id(self, message_id: str) -> Taken | None: ...

    def put(self, taken: Taken) -> None: ...

    def since(self, sender: str, moment: datetime) -> int:
        """How many mails this sender's address has sent since then."""
        ...

    def last_request_of(self, sender: str) -> str:
        """The request that this sender's latest need became; empty if there is none."""
        ...

    def page(self, fates: tuple[str, ...], parks: tuple[str, ...], after: str, limit: int) -> list[Taken]:
        """Newest first; those of no park concern every park."""
        ...

    def count(self, fate: str, parks: tuple[str, ...]) -> int: ...

    def of_request(self, request_id: str) -> list[Taken]:
        """Oldest first."""
        ...

    def begin(self, delivery: str, now: datetime, until: datetime) -> int:
        """Claim one mail of the mailbox until then: how often it has been begun, or 0 while another instance has it."""
        ...

    def let_go(self, delivery: str, again: bool) -> None:
        """It is done with; or, `again`, it was not its own fault and does not count."""
        ...
