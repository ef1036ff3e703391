"""Service items: what dispatch decides, and in which order. No bus, no database."""

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from services.dispatch.domain.life import AGAIN, BY_PEOPLE, CLOCKS, ENDED, LIFE, Stage, Way
from services.dispatch.domain.ownership import Owned
from services.dispatch.domain.relations import Related
from shared import clocks
from shared.access import Actor
from shared.calendar import Limit, Unit
from shared.clocks import Mark
from shared.contracts.base import Details
from shared.contracts.dispatch import Due, ItemView, Linked
from shared.errors import IllegalMove, NotFound
from shared.plans import Plan
from shared.readings import Reading, read


@dataclass(kw_only=True)
class Item(Owned, Related):
    """One service item from the need as received to its sealed dossier."""

    item_id: str
    request_id: str
    park: str
    number: str
    company: str
    text: str
    channel: str
    opened_at: datetime
    changed_at: datetime
    stage: Stage = Stage.RECEIVED
    category: str = ""
    item: str = ""
    title: str = ""
    details: Details = field(default_factory=dict)
    job_id: str = ""
    target: str = ""
    offer_until: datetime | None = None
    note: str = ""
    waiting_since: datetime | None = None
    declined: list[str] = field(default_factory=list)  # targets that declined what was assessed
    evidence: list[str] = field(default_factory=list)  # ids of the events that made it what it is
    way: str = ""
    needs: list[str] = field(default_factory=list)  # what an appointment holds: kinds, or codes of resources
    minutes: int = 0
    booked_for: datetime | None = None
    asked: int = 0  # one-time notices issued
    ended_at: datetime | None = None  # when it came to where it is, if it can be reopened from there
    survey_id: str = ""  # the survey that may close it
    past_surveys: list[str] = field(default_factory=list)  # of rounds before it was reopened
    days: int | None = None  # working days the service may take, where its category says so
    marks: list[Mark] = field(default_factory=list)  # what happened to its clocks; only ever added to
    priority: str = ""
    assessment: int = 0  # counts its assessments

    def __post_init__(self) -> None:
        if not self.marks and self.stage in CLOCKS:
            since = self.opened_at if self.stage is Stage.RECEIVED else self.changed_at
            clocks.hand_over(self.marks, CLOCKS[self.stage], "open", since)

    def accept(self, actor: Actor, now: datetime) -> None:
        self._move("accept", now, actor)
        self.take(actor)

    def assess(
        self, category: str, item: str, title: str, details: Details, note: str, actor: Actor, now: datetime
    ) -> None:
        """What the need is; it waits for a target until one is offered the job."""
        self._move("assess", now, actor)
        self._assessed(category, item, title, details, note, actor)
        self.waiting_since = now

    def match(
        self, category: str, item: str, title: str, details: Details, note: str, actor: Actor, now: datetime
    ) -> None:
        """What the need is, where an organization has to be found for it."""
        self._move("match", now, actor)
        self._assessed(category, item, title, details, note, actor)
        self.way, self.waiting_since = Way.MATCH, None

    def search(self, now: datetime) -> None:
        """Look for organizations once more."""
        if self.stage is Stage.MATCHING:
            self.touch(now)
        else:
            self._move("match", now)

    def exhaust(self, now: datetime) -> None:
        """There is no organization left that could be invited."""
        self._move("exhaust", now)

    def invite(self, job_id: str, target: str, until: datetime, now: datetime, named: bool = False) -> None:
        """`until`: by when they answer, `named` by a person; who is invited, where it is one alone."""
        self._move("invite", now, until=until if named else None)
        self.job_id, self.target, self.offer_until = job_id, target, until

    def wait_for(self, job_id: str, target: str, until: datetime, now: datetime) -> None:
        """One of several passed; these are left to answer."""
        self.job_id, self.target, self.offer_until = job_id, target, until
        self.touch(now)

    def pass_on(self, note: str, now: datetime) -> None:
        """None of those invited takes it."""
        self._move("pass", now)
        self._part(note)

    def win(self, job_id: str, target: str, now: datetime) -> None:
        """An organization has it; it and the client find their terms."""
        self._move("take", now)
        self.job_id, self.target, self.offer_until, self.note = job_id, target, None, ""

    def agree(self, now: datetime, starts: datetime) -> None:
        """`starts`: by when work begins, as agreed."""
        self._move("agree", now, until=starts)

    def release(self, note: str, now: datetime) -> None:
        self._move("release", now)
        self._part(note)

    def plan(self, way: Way, needs: list[str], minutes: int) -> None:
        """How what was just assessed is served: at once, or by an appointment that somebody has to choose."""
        self.way, self.needs, self.minutes = way, needs, minutes
        if way is Way.APPOINTMENT:
            self.waiting_since = None

    @property
    def choosing(self) -> bool:
        """It waits for a time to be chosen."""
        return self.stage is Stage.ASSESSED and self.way == Way.APPOINTMENT and self.waiting_since is None

    def book(self, starts_at: datetime, now: datetime) -> None:
        if not self.choosing:
            raise IllegalMove("这件事现在不用选时间")
        self._move("book", now, until=starts_at + timedelta(minutes=self.minutes))
        self.booked_for = starts_at

    def move(self, starts_at: datetime, now: datetime) -> None:
        self._move("move", now, until=starts_at + timedelta(minutes=self.minutes))
        self.booked_for = starts_at

    def unbook(self, trigger: str, now: datetime) -> None:
        """Cancelled or missed: another time can be chosen."""
        self._move(trigger, now)
        self.booked_for = None

    def begin(self, now: datetime) -> None:
        """The client came; from here on it waits for its target like any other."""
        self._move("begin", now)
        self.waiting_since = now

    def offer(self, job_id: str, target: str, until: datetime, now: datetime, days: int | None = None) -> None:
        """`days`: working days that the target says the service takes at the most."""
        self._move("offer", now)
        self.days = days
        self.job_id, self.target, self.offer_until, self.waiting_since = job_id, target, until, None

    def start(self, note: str, now: datetime, due: datetime | None = None) -> None:
        """`due`: by when it is done, where that was agreed."""
        self._move("start", now, until=due)
        self.note, self.offer_until = note, None

    def decline(self, reason: str, now: datetime) -> None:
        """The target does not take the job; it is not asked again about the same assessment."""
        self._move("decline", now)
        self.declined.append(self.target)
        self._wait(reason, now)

    def lapse(self, now: datetime) -> None:
        self._move("lapse", now)
        self._wait("", now)

    def finish(self, now: datetime) -> None:
        self._move("finish", now)
        self.offer_until = None

    def take_back(self, trigger: str, reason: str, now: datetime) -> None:
        """Reassigned or failed: whoever had the job is not asked again, and it waits to be assessed anew."""
        self._move(trigger, now)
        self.declined.append(self.target)
        self._wait(reason, now)

    def note_change(self, now: datetime) -> None:
        """Something was written down about it that is no step of its life."""
        self.touch(now)

    def tell(self, now: datetime, until: datetime | None = None, survey_id: str = "") -> None:
        """`until`: when the client is no longer asked to rate it, by the survey that may close it."""
        self._move("tell", now, until=until)
        self.survey_id = survey_id

    def close(self, now: datetime) -> None:
        self._move("close", now)

    def seal(self, now: datetime) -> None:
        self._move("seal", now)

    def end(self, trigger: str, note: str, now: datetime) -> None:
        """Answered, merged, refused or withdrawn: it ends without a service."""
        self._move(trigger, now)
        self.note, self.waiting_since, self.offer_until, self.booked_for = note, None, None, None

    def ask(self, category: str, item: str, details: Details, actor: Actor, now: datetime) -> None:
        """Its client is told once all that is missing; what is known already is kept."""
        self._move("ask", now, actor)
        self.category, self.item, self.details = category, item, details
        self.asked += 1

    def supply(self, details: Details, now: datetime) -> None:
        """What was asked for is there, or is not waited for any longer."""
        self._move("supply", now)
        self.details = {**self.details, **details}

    def merge(self, into: "Item", actor: Actor, now: datetime) -> None:
        """It is handled under another from now on; its own number leads there."""
        self.end("merge", into.name, now)
        self.into_id, self.into_request = into.item_id, into.request_id
        self.take(actor)

    def unmerge(self, actor: Actor, now: datetime) -> None:
        """It is a need of its own after all, and has to be assessed."""
        self._move("unmerge", now, actor)
        self.into_id = self.into_request = self.note = ""
        self.take(actor)

    def reopen(self, reason: str, actor: Actor, now: datetime) -> None:
        """It is taken up again from the beginning; who answered for it still does."""
        self._move("reopen", now, actor)
        self.note, self.job_id, self.target, self.declined = reason, "", "", []
        if self.survey_id:
            self.past_surveys = [*self.past_surveys, self.survey_id]
            self.survey_id = ""

    def become(self, text: str, part: str, split: Details, now: datetime) -> None:
        """From now on it is one part of what it was; the others are opened beside it."""
        before = {name: getattr(self, name) for name in ("text", "part", "category", "item", "details")}
        self._move("split", now)
        self.text, self.part, self.category, self.item, self.details = text, part, "", "", {}
        self.split = {**split, "version": self.version, "before": before}

    def rejoin(self, now: datetime) -> None:
        """The splitting that made it is taken back: the part that was there before is whole again, the others end."""
        if before := self.split.get("before"):
            self._move("unsplit", now)
            self.text, self.part, self.details = before["text"], before["part"], before["details"]
            self.category, self.item = before["category"], before["item"]
        else:
            self._move("rejoin", now)
        self.split = {}

    def pause(self, reason: str, now: datetime, actor: Actor) -> str:
        """Stop the clock for a while; returns which. Raises IllegalMove where nothing may be waited for."""
        clock = clocks.pause(self.marks, reason, now, actor)
        self.touch(now)
        return clock

    def resume(self, now: datetime, actor: Actor, reason: str = "") -> str:
        clock = clocks.resume(self.marks, now, actor, reason)
        self.touch(now)
        return clock

    def limit(self, clock: str, plan: Plan) -> Limit:
        """How long a hand-off of this item may take: the category's own days for serving it, else the district's."""
        if clock == "serve" and self.days:
            return Limit(self.days, Unit.DAYS)
        return plan.limits[clock]

    def reading(self, plan: Plan, now: datetime) -> Reading | None:
        """How the clock that runs now stands; None when the item has ended."""
        run = clocks.running(self.marks)
        return read(run, self.limit(run.clock, plan), plan, now) if run else None

    def concerns(self, job_id: str) -> bool:
        """Whether a message about this job is about what the item now is; older jobs are history."""
        return bool(job_id) and self.job_id == job_id

    def may(self, trigger: str) -> bool:
        return trigger in LIFE.allows(self.stage)

    def view(self, due: Due | None = None) -> ItemView:
        """`due` says how its clock stands, where that was looked at."""
        values = {name: getattr(self, name) for name in SHOWN}
        unfit = {"book": not self.choosing, "unsplit": not self.untouched}
        allowed = [t for t in LIFE.allows(self.stage) if t in BY_PEOPLE and not unfit.get(t)]
        run = clocks.running(self.marks)
        if run and (run.paused or run.clock in clocks.PAUSABLE):
            allowed.append("resume" if run.paused else "pause")
        values |= {"stage": str(self.stage), "needs": tuple(self.needs), "split_id": self.split.get("id", "")}
        values |= {"linked": tuple(Linked(**one) for one in self.linked)}
        return ItemView(**values, allowed=tuple(allowed), due=due)

    def _assessed(self, category: str, item: str, title: str, details: Details, note: str, actor: Actor) -> None:
        self.category, self.item, self.title, self.details, self.note = category, item, title, details, note
        self.assessment += 1
        self.declined = []
        self._part(note)
        self.take(actor)

    def _part(self, note: str) -> None:
        self.job_id, self.target, self.offer_until, self.note = "", "", None, note

    def _wait(self, note: str, now: datetime) -> None:
        self._part(note)
        self.waiting_since = None if self.way == Way.MATCH else now  # no category's target is to be found for it

    def _move(self, trigger: str, now: datetime, actor: Actor | None = None, until: datetime | None = None) -> None:
        """`until`: the new stage is due at this moment, whatever the calendar."""
        self.stage = Stage(LIFE.move(self.stage, trigger))
        clock = CLOCKS.get(self.stage)
        clocks.hand_over(self.marks, clock, trigger, now, by=actor, until=until, again=trigger in AGAIN)
        self.touch(now)
        self.ended_at = now if self.stage is Stage.TOLD or self.stage in ENDED else None
        if self.stage in ENDED:
            self.keep_owner()


HIDDEN = {
    "offer_until", "declined", "evidence", "days", "marks", "split", "ended_at", "survey_id", "past_surveys",
    "assessment",
}  # fmt: skip
SHOWN = [f.name for f in fields(Item) if f.name not in HIDDEN]


def found(item: Item | None) -> Item:
    if item is None:
        raise NotFound("没有这个服务事项")
    return item
