"""Services that do not go as planned: taken away from who serves, failed, or delivered in part (clause 6.4.1)."""

from dataclasses import dataclass

from shared.contracts.base import Command
from shared.contracts.dispatch.items import ItemEvent, ItemView


@dataclass(frozen=True, kw_only=True)
class ItemReassigned(ItemEvent):
    """The station took the job back from `target`; who serves it now is decided anew."""

    job_id: str
    target: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ServiceFailed(ItemEvent):
    """Whoever served could not do it; the item is assessed anew, and the client is told."""

    heard_by = ("feedback",)
    job_id: str
    target: str
    number: str
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PartDelivered(ItemEvent):
    """Part of the result: what is `done`, what is `missing`, and what comes next. `over`: there will be no more."""

    heard_by = ("feedback",)
    job_id: str
    number: str
    title: str
    done: str
    missing: str
    next_step: str
    served_by: str
    over: bool = False


@dataclass(frozen=True, kw_only=True)
class ReassignItem(Command):
    """Take the job back from whoever was offered it or serves it; the item is assessed anew."""

    returns = ItemView
    item_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FailService(Command):
    """The service came to nothing: the item goes back to be assessed anew, and the client is told why."""

    returns = ItemView
    item_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeliverPart(Command):
    """Deliver part of the result and tell the client. With `over`, the service ends with it; else it goes on."""

    returns = ItemView
    item_id: str
    done: str
    missing: str
    next_step: str
    over: bool = False
