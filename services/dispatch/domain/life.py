"""The life of a service item: its stages, which step leads from where to where, and which clock runs meanwhile."""

from enum import StrEnum

from shared.states import StateTable


class Stage(StrEnum):
    RECEIVED = "received"
    ACCEPTED = "accepted"
    ASSESSED = "assessed"  # waits for a target, or for the next one
    BOOKED = "booked"  # by appointment; what is assessed so waits for a time, not for a target
    MATCHING = "matching"  # an organization is to be invited
    UNMATCHED = "unmatched"  # no organization is left: staff must act
    INVITED = "invited"  # one organization, or several at once
    AGREEING = "agreeing"  # an organization took the job; it and the client find their terms
    AGREED = "agreed"
    OFFERED = "offered"
    SERVING = "serving"
    FINISHED = "finished"
    TOLD = "told"
    CLOSED = "closed"
    SEALED = "sealed"
    ANSWERED = "answered"
    MERGED = "merged"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ASKED = "asked"  # its client was told once what is missing
    REJOINED = "rejoined"  # a part of a message whose splitting was taken back


# Rows marked (late) let a later fact that arrives first stand for the earlier one, which then changes nothing.
LIFE = StateTable(
    # while           on          becomes
    (Stage.RECEIVED,  "accept",   Stage.ACCEPTED),
    (Stage.RECEIVED,  "answer",   Stage.ANSWERED),
    (Stage.RECEIVED,  "merge",    Stage.MERGED),
    (Stage.RECEIVED,  "refuse",   Stage.REFUSED),
    (Stage.RECEIVED,  "withdraw", Stage.WITHDRAWN),
    (Stage.ACCEPTED,  "assess",   Stage.ASSESSED),
    (Stage.ACCEPTED,  "match",    Stage.MATCHING),
    (Stage.ACCEPTED,  "answer",   Stage.ANSWERED),
    (Stage.ACCEPTED,  "merge",    Stage.MERGED),
    (Stage.ACCEPTED,  "refuse",   Stage.REFUSED),
    (Stage.ACCEPTED,  "withdraw", Stage.WITHDRAWN),
    (Stage.ASSESSED,  "assess",   Stage.ASSESSED),
    (Stage.ASSESSED,  "match",    Stage.MATCHING),
    (Stage.ASSESSED,  "offer",    Stage.OFFERED),
    (Stage.ASSESSED,  "book",     Stage.BOOKED),
    (Stage.ASSESSED,  "merge",    Stage.MERGED),
    (Stage.ASSESSED,  "refuse",   Stage.REFUSED),
    (Stage.ASSESSED,  "withdraw", Stage.WITHDRAWN),
    (Stage.BOOKED,    "begin",    Stage.ASSESSED),  # the client is here; it is offered at once
    (Stage.BOOKED,    "move",     Stage.BOOKED),
    (Stage.BOOKED,    "cancel",   Stage.ASSESSED),
    (Stage.BOOKED,    "miss",     Stage.ASSESSED),
    (Stage.BOOKED,    "merge",    Stage.MERGED),
    (Stage.BOOKED,    "refuse",   Stage.REFUSED),
    (Stage.BOOKED,    "withdraw", Stage.WITHDRAWN),
    (Stage.MATCHING,  "assess",   Stage.ASSESSED),
    (Stage.MATCHING,  "match",    Stage.MATCHING),
    (Stage.MATCHING,  "invite",   Stage.INVITED),
    (Stage.MATCHING,  "exhaust",  Stage.UNMATCHED),
    (Stage.MATCHING,  "merge",    Stage.MERGED),
    (Stage.MATCHING,  "refuse",   Stage.REFUSED),
    (Stage.MATCHING,  "withdraw", Stage.WITHDRAWN),
    (Stage.UNMATCHED, "assess",   Stage.ASSESSED),
    (Stage.UNMATCHED, "match",    Stage.MATCHING),
    (Stage.UNMATCHED, "invite",   Stage.INVITED),
    (Stage.UNMATCHED, "merge",    Stage.MERGED),
    (Stage.UNMATCHED, "refuse",   Stage.REFUSED),
    (Stage.UNMATCHED, "withdraw", Stage.WITHDRAWN),
    (Stage.INVITED,   "assess",   Stage.ASSESSED),
    (Stage.INVITED,   "match",    Stage.MATCHING),
    (Stage.INVITED,   "take",     Stage.AGREEING),
    (Stage.INVITED,   "pass",     Stage.MATCHING),  # none of those invited takes it
    (Stage.INVITED,   "withdraw", Stage.WITHDRAWN),
    (Stage.AGREEING,  "agree",    Stage.AGREED),
    (Stage.AGREEING,  "release",  Stage.MATCHING),  # they find no terms
    (Stage.AGREEING,  "withdraw", Stage.WITHDRAWN),
    (Stage.AGREED,    "start",    Stage.SERVING),
    (Stage.AGREED,    "finish",   Stage.FINISHED),  # (late) before the start
    (Stage.AGREED,    "reassign", Stage.ASSESSED),
    (Stage.AGREED,    "fail",     Stage.ASSESSED),
    (Stage.AGREED,    "withdraw", Stage.WITHDRAWN),
    (Stage.OFFERED,   "start",    Stage.SERVING),
    (Stage.OFFERED,   "decline",  Stage.ASSESSED),
    (Stage.OFFERED,   "lapse",    Stage.ASSESSED),
    (Stage.OFFERED,   "withdraw", Stage.WITHDRAWN),
    (Stage.OFFERED,   "reassign", Stage.ASSESSED),
    (Stage.OFFERED,   "finish",   Stage.FINISHED),  # (late) before the acceptance
    (Stage.SERVING,   "finish",   Stage.FINISHED),
    (Stage.SERVING,   "reassign", Stage.ASSESSED),
    (Stage.SERVING,   "fail",     Stage.ASSESSED),
    (Stage.SERVING,   "withdraw", Stage.WITHDRAWN),
    (Stage.FINISHED,  "tell",     Stage.TOLD),
    (Stage.FINISHED,  "close",    Stage.CLOSED),  # (late) before the telling
    (Stage.TOLD,      "close",    Stage.CLOSED),
    (Stage.CLOSED,    "seal",     Stage.SEALED),
    (Stage.RECEIVED,  "split",    Stage.RECEIVED),
    (Stage.RECEIVED,  "unsplit",  Stage.RECEIVED),
    (Stage.RECEIVED,  "rejoin",   Stage.REJOINED),
    (Stage.ACCEPTED,  "split",    Stage.ACCEPTED),
    (Stage.ACCEPTED,  "unsplit",  Stage.ACCEPTED),
    (Stage.ACCEPTED,  "rejoin",   Stage.REJOINED),
    (Stage.ACCEPTED,  "ask",      Stage.ASKED),
    (Stage.ASKED,     "supply",   Stage.ACCEPTED),
    (Stage.ASKED,     "merge",    Stage.MERGED),
    (Stage.ASKED,     "refuse",   Stage.REFUSED),
    (Stage.ASKED,     "withdraw", Stage.WITHDRAWN),
    (Stage.MERGED,    "unmerge",  Stage.ACCEPTED),
    (Stage.TOLD,      "reopen",   Stage.RECEIVED),
    (Stage.ANSWERED,  "reopen",   Stage.RECEIVED),
    (Stage.REFUSED,   "reopen",   Stage.RECEIVED),
    (Stage.WITHDRAWN, "reopen",   Stage.RECEIVED),
)  # fmt: skip

# Which hand-off's clock runs in each stage that is no ending; shared/limits.py says how long each may take.
CLOCKS = {
    Stage.RECEIVED: "accept",
    Stage.ACCEPTED: "assess",
    Stage.ASKED: "assess",  # stands still until the client has answered
    Stage.ASSESSED: "arrange",
    Stage.MATCHING: "arrange",
    Stage.UNMATCHED: "arrange",
    Stage.INVITED: "answer",
    Stage.AGREEING: "agree",
    Stage.AGREED: "begin",
    Stage.BOOKED: "begin",
    Stage.OFFERED: "answer",
    Stage.SERVING: "serve",
    Stage.FINISHED: "tell",
    Stage.TOLD: "rate",
    Stage.CLOSED: "file",
}
# Lead back to a hand-off that was not over: its clock goes on.
AGAIN = frozenset({"decline", "lapse", "unmerge", "pass", "release"})
ENDED = frozenset({Stage.SEALED, Stage.ANSWERED, Stage.MERGED, Stage.REFUSED, Stage.WITHDRAWN, Stage.REJOINED})
FILED = frozenset({Stage.CLOSED, Stage.SEALED})  # never changed: taken up again as another item of the same request
URGENCY = "urgency"
BY_PEOPLE = (
    "accept", "assess", "answer", "merge", "refuse", "withdraw",
    "book", "begin", "move", "cancel", "miss", "invite", "reassign", "fail",
    "split", "unsplit", "unmerge", "ask", "supply",
)  # fmt: skip


class Way(StrEnum):
    """How what was assessed is served: by the station itself (6.3 a), or by an organization that is found (6.3 b)."""

    AT_ONCE = "at_once"
    APPOINTMENT = "appointment"
    MATCH = "match"
