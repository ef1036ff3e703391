"""What providers does about targets and jobs: one function each."""

from collections.abc import Callable
from datetime import date
from typing import Any

from services.providers.domain.jobs import Job, Status
from services.providers.handlers.work import ProvidersWork
from services.providers.plugin import Accepted, Registry
from shared import access, forms
from shared.contracts.base import Details
from shared.contracts.dispatch import JobOffered, JobWithdrawn
from shared.contracts.providers import (
    FinishJob,
    GetJob,
    JobAccepted,
    JobDeclined,
    JobFinished,
    JobProgressed,
    JobView,
    ReportJob,
    TargetsAnnounced,
)
from shared.errors import Early, IllegalMove, Invalid, NotFound

ID_LIMIT = 100
REPORT_LIMIT = 2000


def announce_targets(plugins: Registry, lease: int, announce: Callable[[TargetsAnnounced], None]) -> None:
    """Say which categories this process serves. A district hears it; no park is concerned."""
    announce(TargetsAnnounced(park="", lease=lease, targets=tuple(plugin.manifest() for plugin in plugins)))


def consider_job(event: JobOffered, plugins: Registry, uow: ProvidersWork) -> None:
    """Let the plugin decide. A job offered twice is decided once."""
    with uow:
        if uow.jobs.get(event.job_id) is not None:
            return
        job = Job.of(event, uow.now)
        uow.jobs.add(job)
        plugin = plugins[event.target]
        try:
            item = plugin.item(job.letter)
            details = forms.check(item.form, event.details)
        except (Invalid, NotFound) as error:
            _decline(job, str(error), uow)
            return
        decision = plugin.consider(job.offer(details, uow.now.astimezone(uow.zone).date()), uow.desk)
        if not isinstance(decision, Accepted):
            _decline(job, decision.reason, uow)
            return
        job.accept(decision.note)
        uow.say(JobAccepted(**_about(job), note=decision.note))
        if decision.result is not None and not event.by_appointment:
            _finish(job, dict(decision.result), plugin.title, plugins, uow)
        uow.jobs.put(job)
        uow.commit()


def withdraw_job(event: JobWithdrawn, uow: ProvidersWork) -> None:
    with uow:
        job = uow.jobs.get(event.job_id)
        if job is None:
            raise Early("撤回先于邀请到达")
        job.withdraw(event.reason)
        uow.jobs.put(job)
        uow.commit()


def finish_job(command: FinishJob, plugins: Registry, uow: ProvidersWork) -> JobView:
    """Staff deliver what the station served itself."""
    with uow:
        job = _found(uow.jobs.get(command.job_id))
        access.check(uow.actor, "handle_item", park=job.park)
        _finish(job, command.result, uow.actor.name or uow.actor.id, plugins, uow)
        uow.jobs.put(job)
        return uow.commit(job.view())


def report_job(command: ReportJob, uow: ProvidersWork) -> JobView:
    """Whoever serves says how far it is. Dispatch knows a report by its id, and which is the newest."""
    wrong = {
        name: text
        for name, text, bad in (
            ("report_id", "请填写这一项", not 0 < len(command.report_id) <= ID_LIMIT),
            ("text", "请写明办到哪一步了", not 0 < len(command.text.strip()) <= REPORT_LIMIT),
            ("next_step", "这一项写得太长", len(command.next_step) > REPORT_LIMIT),
            ("share", "完成多少，要在 0 和 100 之间", command.share is not None and not 0 <= command.share <= 100),
            ("expected_on", "日期要写成 2026-11-30 这样", not _is_day(command.expected_on)),
        )
        if bad
    }
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    with uow:
        job = _found(uow.jobs.get(command.job_id))
        access.check(uow.actor, "report_progress", park=job.park, organization=job.target)
        if job.status is not Status.ACCEPTED:
            raise IllegalMove("现在没有在办，不用报进展")
        uow.say(
            JobProgressed(
                **_about(job), report_id=command.report_id, text=command.text.strip(),
                reported_at=command.reported_at or uow.now, served_by=uow.actor.name or uow.actor.id,
                share=command.share, next_step=command.next_step.strip(), expected_on=command.expected_on,
            )
        )  # fmt: skip
        return uow.commit(job.view())


def get_job(query: GetJob, uow: ProvidersWork) -> JobView:
    with uow:
        job = _found(uow.jobs.get(query.job_id))
    access.check(uow.actor, "read_request", park=job.park, request_id=job.request_id)
    return job.view()


def _finish(job: Job, result: Details, served_by: str, plugins: Registry, uow: ProvidersWork) -> None:
    job.finish(_checked(plugins[job.target].item(job.letter).result, result))
    uow.say(JobFinished(**_about(job), result=job.result, served_by=served_by))


def _decline(job: Job, reason: str, uow: ProvidersWork) -> None:
    job.decline(reason)
    uow.say(JobDeclined(**_about(job), reason=reason))
    uow.jobs.put(job)
    uow.commit()


def _about(job: Job) -> dict[str, Any]:
    return {name: getattr(job, name) for name in ("park", "request_id", "job_id", "item_id", "target")}


def _is_day(text: str) -> bool:
    try:
        return not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _found(job: Job | None) -> Job:
    if job is None:
        raise NotFound("没有这个任务")
    return job


def _checked(form: forms.Form, result: Details) -> Details:
    try:
        return forms.check(form, result)
    except Invalid as error:
        fields = {f"result.{path}".rstrip("."): text for path, text in error.fields.items()}
        raise Invalid(error.text, fields=fields) from error
