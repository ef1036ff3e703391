"""Instant messages (WeCom): what came in, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command


@dataclass(frozen=True, kw_only=True)
class ChatTaken(Answer):
    """`fate`: need, added, introduced, waiting (until we know of which park), answered or passed over."""

    fate: str
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class TakeChat(Command):
    """One message as it came, proven to be the messenger's. `kind`: text, another kind of message, or event:NAME."""

    returns = ChatTaken
    message_id: str
    sender: str
    kind: str
    text: str = ""
    sent_at: datetime | None = None
