"""What dispatch does to follow a service: progress heard, conversations written down (clauses 6.4.1, 6.4.2)."""

from services.dispatch.domain.follow_ups import promised
from services.dispatch.domain.following import (
    ID_LIMIT,
    OVER,
    SERVED,
    Contact,
    How,
    Party,
    PersonRole,
    Report,
    comes_late,
    day,
    impersonal,
    past,
    progress,
    said,
    share_done,
)
from services.dispatch.domain.items import Item
from services.dispatch.handlers.follow_ups import take_contact
from services.dispatch.handlers.work import DispatchWork, say
from shared import access
from shared.contracts.dispatch import (
    ContactLogged,
    FollowingView,
    GetFollowing,
    LogContact,
    LoggedContact,
    ProgressReported,
    ReportProgress,
    ReportView,
)
from shared.contracts.providers import JobProgressed
from shared.errors import IllegalMove, Invalid


def report_progress(command: ReportProgress, uow: DispatchWork) -> ReportView:
    """Of the job the item has now; the organization that serves says it, or staff do."""
    text, next_step = said(command.text, "text", "请写明办到哪一步了"), said(command.next_step, "next_step")
    report_id = said(command.report_id, "report_id", most=ID_LIMIT)
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "report_progress", park=item.park, organization=item.target)
        if report_id and (known := uow.following.report(item.item_id, report_id)):
            return uow.commit(known.view())
        if item.stage not in SERVED:
            raise IllegalMove("现在没有在办，不用报进展")
        report = Report(
            report_id=report_id or uow.new_id(), item_id=item.item_id, job_id=item.job_id, text=text,
            reported_at=past(command.reported_at, uow.now, "reported_at"), heard_at=uow.now,
            by=uow.actor.name or uow.actor.id, share=share_done(command.share), next_step=next_step,
            expected_on=day(command.expected_on, "expected_on"),
        )  # fmt: skip
        return uow.commit(_take(report, item, uow).view())


def hear_progress(event: JobProgressed, uow: DispatchWork) -> None:
    """A target reports, maybe late, twice or out of order."""
    with uow:
        item = uow.items.get(event.item_id)
        if uow.following.report(item.item_id, event.report_id) is None:
            report = Report(
                report_id=event.report_id, item_id=item.item_id, job_id=event.job_id, text=event.text,
                reported_at=min(event.reported_at, uow.now), heard_at=uow.now, by=event.served_by, share=event.share,
                next_step=event.next_step, expected_on=event.expected_on,
            )  # fmt: skip
            _take(report, item, uow)
        uow.commit()


def _take(heard: Report, item: Item, uow: DispatchWork) -> Report:
    """Keep it; what is known by now stays known, whatever an older report says."""
    late = comes_late(heard, item, uow.following.reports(item.item_id))
    report = Report(**{**vars(heard), "late": late})
    uow.following.add_report(report)
    note(item, uow)
    say(
        uow, item, ProgressReported, report_id=report.report_id, text=report.text, reported_at=report.reported_at,
        by=report.by, share=report.share, next_step=report.next_step, expected_on=report.expected_on, late=late,
    )  # fmt: skip
    keep(item, uow)
    return report


def log_contact(command: LogContact, uow: DispatchWork) -> LoggedContact:
    wrong = {
        name: "请从列出的选项里选"
        for name, kind in (("party", Party), ("role", PersonRole), ("how", How))
        if getattr(command, name) not in set(kind)
    }
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    about = impersonal(command.about, "about", "请写明谈了什么")
    next_step = impersonal(command.next_step, "next_step")
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        if item.stage in OVER:
            raise IllegalMove("这件事已经办结，不再记联系；办结后的联系记在回访里")
        contact = Contact(
            contact_id=uow.new_id(), item_id=item.item_id, park=item.park, party=Party(command.party),
            role=PersonRole(command.role), how=How(command.how), about=about,
            contacted_at=past(command.contacted_at, uow.now, "contacted_at"), logged_at=uow.now,
            by_id=uow.actor.id, by_name=uow.actor.name, next_step=next_step, next_on=day(command.next_on, "next_on"),
        )  # fmt: skip
        uow.following.add_contact(contact)
        note(item, uow)
        say(
            uow, item, ContactLogged, contact_id=contact.contact_id, party=str(contact.party), role=str(contact.role),
            how=str(contact.how), about=about, contacted_at=contact.contacted_at, next_step=next_step,
            next_on=contact.next_on,
        )  # fmt: skip
        take_contact(contact, item, uow)
        keep(item, uow)
        return uow.commit(contact.view())


def get_following(query: GetFollowing, uow: DispatchWork) -> FollowingView:
    with uow:
        item = uow.items.get(query.item_id)
        access.check(uow.actor, "read_following", park=item.park, organization=item.target)
        reports = uow.following.reports(item.item_id)
        known, delays = progress(item, reports), uow.follow_ups.delays(item.item_id)
        own = access.Role(uow.actor.role) is access.Role.ORGANIZATION
        return FollowingView(
            item_id=item.item_id, progress=known.view() if known else None,
            reports=tuple(one.view() for one in reports if not own or item.concerns(one.job_id)),
            contacts=() if own else tuple(one.view() for one in uow.following.contacts(item.item_id)),
            follow_ups=() if own else tuple(one.view(item, uow.now) for one in uow.follow_ups.of_item(item.item_id)),
            delays=tuple(one.view() for one in delays),
            promised_at=promised(item, delays, uow.plans.of(item.park), uow.now) if item.stage in SERVED else None,
        )  # fmt: skip


def note(item: Item, uow: DispatchWork) -> None:
    """What is said next is a change of the item; one that is over changes no more."""
    if item.stage not in OVER:
        item.note_change(uow.now)


def keep(item: Item, uow: DispatchWork) -> None:
    if item.stage not in OVER:
        uow.items.put(item)
