"""When members of staff are away. No bus, no database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.access import EVERYWHERE, Actor, Role
from shared.contracts.station import AbsenceEnded, AbsenceNoted, AbsenceView, NoteAbsence
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound

NAME_MOST = 60
REASON_MOST = 200
LONGEST = timedelta(days=400)


@dataclass(kw_only=True)
class Absence:
    """An account is away from these parks' work, from and until."""

    absence_id: str
    account: str
    name: str
    parks: tuple[str, ...]
    since: datetime
    until: datetime
    reason: str
    noted_by: str
    ended_at: datetime | None = None

    @classmethod
    def of(cls, command: NoteAbsence, absence_id: str, by: str, now: datetime) -> "Absence":
        """Raises Invalid by field."""
        wrong = {}
        if not command.account.strip() or len(command.account) > NAME_MOST:
            wrong["account"] = "请选是谁不在岗"
        if not command.name.strip() or len(command.name) > NAME_MOST:
            wrong["name"] = "要写明这个账号怎么称呼，最多 60 个字"
        if not command.parks or len(command.parks) > 100:
            wrong["parks"] = "要写明不在哪个园区的岗"
        if command.until <= command.since:
            wrong["until"] = "结束要晚于开始"
        elif command.until - command.since > LONGEST:
            wrong["until"] = "一次最多写 400 天"
        elif command.until <= now:
            wrong["until"] = "这段时间已经过去了"
        if len(command.reason) > REASON_MOST:
            wrong["reason"] = "原因最多写 200 个字"
        if wrong:
            raise Invalid("请检查填写的内容", fields=wrong)
        return cls(
            absence_id=absence_id, account=command.account.strip(), name=command.name.strip(), parks=command.parks,
            since=command.since, until=command.until, reason=command.reason.strip(), noted_by=by,
        )  # fmt: skip

    def end(self, now: datetime) -> None:
        if self.ended_at is not None or self.until <= now:
            raise IllegalMove("这次不在岗已经结束了")
        self.ended_at = now

    def noted(self) -> AbsenceNoted:
        return AbsenceNoted(
            park="", absence_id=self.absence_id, account=self.account, name=self.name, parks=self.parks,
            since=self.since, until=self.until,
        )  # fmt: skip

    def ended(self) -> AbsenceEnded:
        return AbsenceEnded(park="", absence_id=self.absence_id, account=self.account)

    def view(self) -> AbsenceView:
        return AbsenceView(
            absence_id=self.absence_id, account=self.account, name=self.name, parks=self.parks, since=self.since,
            until=self.until, reason=self.reason, noted_by=self.noted_by, ended_at=self.ended_at,
        )  # fmt: skip


def check_own(actor: Actor, account: str) -> None:
    """Members of staff speak for themselves only; raises Forbidden."""
    if actor.role == Role.STAFF and actor.id != account:
        raise Forbidden("只能写自己不在岗；别人的请运营机构来写")


class Absences(Protocol):
    def add(self, absence: Absence) -> None: ...

    def get(self, absence_id: str) -> Absence | None: ...

    def put(self, absence: Absence) -> None: ...

    def ahead(self, now: datetime) -> list[Absence]:
        """Those that are not over, the soonest first."""
        ...


def found(absence: Absence | None) -> Absence:
    if absence is None:
        raise NotFound("没有这次不在岗的记录")
    return absence


def concerns(absence: Absence, parks: tuple[str, ...]) -> bool:
    """Whether it matters at one of these parks."""
    return EVERYWHERE in parks or EVERYWHERE in absence.parks or bool(set(parks) & set(absence.parks))
