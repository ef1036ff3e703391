"""Who may write a need down by which channel, and what is recorded of the occasion: who, where, when (6.2.a)."""

from datetime import datetime, timedelta

from services.intake import channels
from services.intake.channel import OCCASION, Channel, Hand, receives
from shared.access import Actor, Role
from shared.contracts.intake import Occasion, SubmitNeed
from shared.errors import Forbidden

PLACE_LIMIT = 200  # characters
AHEAD = timedelta(minutes=5)  # clocks differ
LONG_AGO = timedelta(days=366)
_ASKED = {"by": "请写是谁记下的", "place": "请写是在哪里谈的", "at": "请写是什么时候"}

receives.discover(channels)


def hand_of(actor: Actor) -> Hand:
    if actor.role == Role.SYSTEM:
        return Hand.PROGRAM
    return Hand.STAFF if actor.role in (Role.STAFF, Role.OPERATOR, Role.ADMIN) else Hand.CLIENT


def writes_down(channel: Channel, actor: Actor) -> bool:
    """Whether the need is another's than this actor's: staff or a program write down what they were told."""
    hand = hand_of(actor)
    return hand in channel.hands and hand is not Hand.CLIENT


def on_behalf(channel: Channel, actor: Actor) -> bool:
    """Whether staff write it down for a client."""
    return writes_down(channel, actor) and hand_of(actor) is Hand.STAFF


def check_hand(channel: Channel, actor: Actor) -> None:
    """Raises Forbidden for a channel that is not this actor's; staff may state needs as everybody does."""
    hand = hand_of(actor)
    if hand in channel.hands or (hand is Hand.STAFF and Hand.CLIENT in channel.hands):
        return
    raise Forbidden("这种渠道的需求由服务站工作人员登记，请先登录")


def wrong_with(need: SubmitNeed, actor: Actor, now: datetime) -> dict[str, str]:
    """A text for each part of the occasion that does not fit the channel."""
    channel, given = receives[need.channel], need.occasion or Occasion()
    writes = writes_down(channel, actor)
    kept = channel.records if writes else ()
    wrong = {part: "这种渠道不记这一项" for part in OCCASION if getattr(given, part) and part not in kept}
    if writes:
        wrong |= {part: _ASKED[part] for part in channel.asks if not getattr(given, part)}
    wrong |= {part: "最多写 200 个字" for part in ("by", "place") if len(getattr(given, part)) > PLACE_LIMIT}
    if given.at and given.at > now + AHEAD:
        wrong["at"] = "这个时间还没有到，请改成需求提出的时间"
    elif given.at and given.at < now - LONG_AGO:
        wrong["at"] = "这个时间是一年以前，请核对"
    return {f"occasion.{part}": text for part, text in wrong.items()}


def recorded(need: SubmitNeed, actor: Actor, now: datetime) -> Occasion | None:
    """The occasion as it is kept: what was not said of who and when is who writes it down, and when."""
    channel, given = receives[need.channel], need.occasion or Occasion()
    if not channel.records or not writes_down(channel, actor):
        return None
    return Occasion(by=given.by.strip() or actor.name, place=given.place.strip(), at=given.at or now)
