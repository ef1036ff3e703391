"""Complaints: their stages by GB/T 19012, who may handle one, its clock, and what its story is. No bus, no database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.feedback.domain.remedies import Correction, Dispute
from shared.access import Actor
from shared.calendar import Limit, Unit
from shared.clocks import Mark, hand_over, running
from shared.contracts.feedback import ComplaintStep
from shared.errors import Forbidden, IllegalMove, Invalid
from shared.plans import Plan
from shared.readings import Reading, alarm_at, read
from shared.states import StateTable

CHANNELS = ("web", "im", "phone", "window", "letter")  # 6.6.2
ABOUT = ("result", "attitude", "time", "fee", "fairness", "privacy", "other")
SEVERITIES = ("low", "medium", "high")
COMPLEXITIES = ("simple", "complex")
IMPACTS = ("one", "several", "wide")
OUTCOMES = ("confirmed", "partly", "unfounded")
RESPONSES = ("apology", "redo", "refund", "compensation", "help", "explanation")
CLOCK = "complaint"
MOST_EXTRA = 20  # working days in all, in one round
ROUNDS = 2  # the decision, and the internal appeal against it
HOURS_A_DAY = 8  # where the district counts a complaint's time in hours
TEXT_LIMIT = 5000
NOTE_LIMIT = 2000
LINE_LIMIT = 200


class Stage(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    DECIDED = "decided"
    TOLD = "told"
    APPEALED = "appealed"
    DISPUTED = "disputed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


LIFE = StateTable(
    # while               on             becomes
    (Stage.RECEIVED,      "acknowledge", Stage.ACKNOWLEDGED),
    (Stage.ACKNOWLEDGED,  "take_over",   Stage.ACKNOWLEDGED),
    (Stage.ACKNOWLEDGED,  "assess",      Stage.INVESTIGATING),
    (Stage.ACKNOWLEDGED,  "extend",      Stage.ACKNOWLEDGED),
    (Stage.INVESTIGATING, "take_over",   Stage.INVESTIGATING),
    (Stage.INVESTIGATING, "find",        Stage.INVESTIGATING),
    (Stage.INVESTIGATING, "extend",      Stage.INVESTIGATING),
    (Stage.INVESTIGATING, "decide",      Stage.DECIDED),
    (Stage.DECIDED,       "tell",        Stage.TOLD),
    (Stage.TOLD,          "accept",      Stage.CLOSED),
    (Stage.TOLD,          "lapse",       Stage.CLOSED),
    (Stage.TOLD,          "appeal",      Stage.APPEALED),
    (Stage.APPEALED,      "review",      Stage.INVESTIGATING),
    (Stage.TOLD,          "dispute",     Stage.DISPUTED),
    (Stage.CLOSED,        "dispute",     Stage.DISPUTED),
    (Stage.DISPUTED,      "conclude",    Stage.DISPUTED),
    (Stage.DISPUTED,      "carry_out",   Stage.CLOSED),
    (Stage.RECEIVED,      "withdraw",    Stage.WITHDRAWN),
    (Stage.ACKNOWLEDGED,  "withdraw",    Stage.WITHDRAWN),
    (Stage.INVESTIGATING, "withdraw",    Stage.WITHDRAWN),
    (Stage.APPEALED,      "withdraw",    Stage.WITHDRAWN),
)  # fmt: skip
OVER = frozenset({Stage.CLOSED, Stage.WITHDRAWN})
TIMED = frozenset({Stage.RECEIVED, Stage.ACKNOWLEDGED, Stage.INVESTIGATING, Stage.DECIDED, Stage.APPEALED})
OPEN_TO_CORRECTION = frozenset({Stage.INVESTIGATING, Stage.DECIDED, Stage.TOLD, Stage.DISPUTED, Stage.CLOSED})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the story. What is not `shown` is for the station alone."""

    kind: str
    at: datetime
    by: str = ""
    text: str = ""
    day: str = ""
    shown: bool = True

    def view(self) -> ComplaintStep:
        return ComplaintStep(kind=self.kind, at=self.at, by=self.by, text=self.text, day=self.day)


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """The initial assessment, and whom the complaint turned out to be about."""

    severity: str
    safety: bool
    complexity: str
    impact: str
    at_once: bool
    action: str
    against_id: str
    against_name: str
    organization: str


@dataclass(kw_only=True)
class Complaint:
    """One complaint, from its receipt to its end; whoever it is about never handles it."""

    complaint_id: str
    number: str
    code: str
    park: str
    channel: str
    about: str
    text: str
    wish: str
    anonymous: bool
    repeated: bool
    company: str
    received_at: datetime
    month: str = ""  # of its receipt, in the district's time zone
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    request_id: str = ""
    item_id: str = ""
    item_number: str = ""
    title: str = ""
    category: str = ""
    organization: str = ""
    hands: tuple[str, ...] = ()  # accounts that had a part in what it is about
    stage: Stage = Stage.RECEIVED
    round: int = 1
    handler_id: str = ""
    handler_name: str = ""
    before: tuple[str, ...] = ()  # who handled it in the round before
    assessment: Assessment | None = None
    outcome: str = ""
    response: str = ""
    decision: str = ""
    decided_at: datetime | None = None
    told_at: datetime | None = None
    in_time: bool | None = None  # whether the decision was told in time; the first round's
    appeal_until: datetime | None = None
    closed_at: datetime | None = None
    extra_days: int = 0
    dispute: Dispute | None = None
    corrections: list[Correction] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    # --- its clock

    def limit(self, plan: Plan) -> Limit:
        limit = plan.limits[CLOCK]
        per_day = {Unit.DAYS: 1, Unit.HOURS: HOURS_A_DAY, Unit.MINUTES: HOURS_A_DAY * 60}[limit.unit]
        return Limit(limit.count + self.extra_days * per_day, limit.unit)

    def reading(self, plan: Plan, now: datetime) -> Reading | None:
        run = running(self.marks)
        return read(run, self.limit(plan), plan, now) if run else None

    def look_at(self, plan: Plan, now: datetime) -> datetime | None:
        """When its clock, or the time for an appeal, is to be looked at next."""
        reading = self.reading(plan, now)
        return alarm_at(reading, plan, now) if reading else self.appeal_until

    # --- who may

    def barred(self, actor: Actor) -> bool:
        """Whether it is about this actor, or is an appeal against what this actor decided."""
        against = self.assessment.against_id if self.assessment else ""
        return actor.id in {against, *self.hands, *self.before} - {""}

    def check_handler(self, actor: Actor) -> None:
        """Raises Forbidden unless this actor has taken it, and it is not about this actor."""
        if self.barred(actor):
            raise Forbidden("这件投诉涉及您，或者是对您的处理不服，要由别人处理")
        if self.handler_id != actor.id:
            raise Forbidden("要先接手，才能处理这件投诉")

    # --- its way

    def receive(self, actor: Actor) -> None:
        hand_over(self.marks, CLOCK, "receive", self.received_at)
        self._note("received", self.received_at, actor)

    def acknowledge(self, actor: Actor, now: datetime) -> None:
        """Take it: at first, as an appeal, or over from whoever has it."""
        if self.barred(actor):
            raise Forbidden("这件投诉涉及您，或者是对您的处理不服，要由别人处理")
        trigger = {Stage.RECEIVED: "acknowledge", Stage.APPEALED: "review"}.get(self.stage, "take_over")
        if trigger == "take_over" and self.handler_id == actor.id:
            raise IllegalMove("这件投诉已经由您处理")
        self._move(trigger)
        self.handler_id, self.handler_name = actor.id, actor.name
        self._note(trigger, now, actor)

    def assess(self, found: Assessment, actor: Actor, now: datetime) -> None:
        self.check_handler(actor)
        if found.against_id and found.against_id == actor.id:
            raise Forbidden("投诉的就是您，要由别人处理")
        self._move("assess")
        self.assessment = found
        self.organization = found.organization or self.organization
        self._note("assess", now, actor, found.action, shown=False)

    def find(self, text: str, actor: Actor, now: datetime) -> None:
        self.check_handler(actor)
        self._move("find")
        self._note("find", now, actor, text, shown=False)

    def extend(self, days: int, reason: str, plan: Plan, actor: Actor, now: datetime) -> None:
        """Only before its time is over, and not for ever."""
        self.check_handler(actor)
        reading = self.reading(plan, now)
        if reading is None or reading.late:
            raise IllegalMove("已经过了时限，不能再延长")
        if days < 1 or self.extra_days + days > MOST_EXTRA:
            raise Invalid("请检查填写的内容", fields={"days": "一共最多延长 20 个工作日"})
        self._move("extend")
        self.extra_days += days
        self._note("extend", now, actor, reason, day=str(days))

    def decide(self, outcome: str, response: str, text: str, actor: Actor, now: datetime) -> None:
        self.check_handler(actor)
        self._move("decide")
        self.outcome, self.response, self.decision, self.decided_at = outcome, response, text, now
        self._note("decide", now, actor, text)

    def tell(self, how: str, note: str, plan: Plan, appeal_for: timedelta, actor: Actor, now: datetime) -> None:
        self.check_handler(actor)
        reading = self.reading(plan, now)
        self._move("tell")
        self.told_at = now
        if self.in_time is None:
            self.in_time = reading is not None and not reading.late
        self.appeal_until = now + appeal_for
        hand_over(self.marks, None, "tell", now, by=actor)
        self._note("tell", now, actor, note, day=how)

    def accept(self, actor: Actor, now: datetime) -> None:
        self._move("accept")
        self._close("accept", actor, now)

    def lapse(self, actor: Actor, now: datetime) -> None:
        self._move("lapse")
        self._close("lapse", actor, now)

    def appeal(self, text: str, actor: Actor, now: datetime) -> None:
        if self.round >= ROUNDS:
            raise IllegalMove("已经复核过一次；还不满意，可以请外部机构解决")
        if self.appeal_until and now >= self.appeal_until:
            raise IllegalMove("申请复核的时间已经过了；可以请外部机构解决")
        self._move("appeal")
        self.round += 1
        self.before = tuple(sorted({*self.before, self.handler_id} - {""}))
        self.handler_id = self.handler_name = ""
        self.extra_days, self.appeal_until = 0, None
        hand_over(self.marks, CLOCK, "appeal", now)
        self._note("appeal", now, actor, text)

    def withdraw(self, reason: str, actor: Actor, now: datetime) -> None:
        self._move("withdraw")
        hand_over(self.marks, None, "withdraw", now)
        self._close("withdraw", actor, now, reason)

    def _close(self, kind: str, actor: Actor, now: datetime, text: str = "") -> None:
        self.closed_at, self.appeal_until = now, None
        self._note(kind, now, actor, text)

    # --- outside the station, and so that it does not happen again

    def submit_dispute(self, dispute: Dispute, actor: Actor, now: datetime) -> None:
        if self.round < ROUNDS:
            raise IllegalMove("先在服务站里复核一次，还不满意再请外部机构解决")
        self._move("dispute")
        self.dispute, self.closed_at, self.appeal_until = dispute, None, None
        self._note("dispute", now, actor, dispute.provider, day=dispute.submitted_on)

    def conclude_dispute(self, outcome: str, on: str, actor: Actor, now: datetime) -> None:
        self._move("conclude")
        assert self.dispute is not None
        self.dispute = self.dispute.concluded(outcome, on)
        self._note("conclude", now, actor, outcome, day=on)

    def carry_out_dispute(self, on: str, note: str, actor: Actor, now: datetime) -> None:
        assert self.dispute is not None
        done = self.dispute.carried_out(on)
        self._move("carry_out")
        self.dispute = done
        self.closed_at = now
        self._note("carry_out", now, actor, note, day=on)

    def correct(self, correction: Correction, actor: Actor, now: datetime) -> None:
        if self.stage not in OPEN_TO_CORRECTION:
            raise IllegalMove("查清楚以后再定整改")
        self.corrections.append(correction)
        self._note("correct", now, actor, correction.what, day=correction.due_on, shown=False)

    def correction(self, correction_id: str) -> Correction:
        for one in self.corrections:
            if one.correction_id == correction_id:
                return one
        raise Invalid("请检查填写的内容", fields={"correction_id": "没有这项整改"})

    def note_correction(self, kind: str, text: str, actor: Actor, now: datetime) -> None:
        self._note(kind, now, actor, text, shown=False)

    # ---

    def allowed(self) -> tuple[str, ...]:
        found = [one for one in LIFE.allows(self.stage) if one != "lapse"]
        if self.round >= ROUNDS:
            return tuple(one for one in found if one != "appeal")
        return tuple(one for one in found if one != "dispute")

    def _move(self, trigger: str) -> None:
        self.stage = Stage(LIFE.move(self.stage, trigger))

    def _note(
        self, kind: str, at: datetime, actor: Actor, text: str = "", *, day: str = "", shown: bool = True
    ) -> None:
        self.steps.append(Step(kind=kind, at=at, by=actor.name, text=text, day=day, shown=shown))
