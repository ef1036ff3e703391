"""What intake does about files: registered as they arrive, claimed by a request, or swept away."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Protocol

from services.intake.domain.files import MEGABYTE, UNCLAIMED, File, brought_by, check_claim, check_room
from services.intake.domain.requests import Request
from services.intake.handlers.work import IntakeWork, found
from shared import access
from shared.contracts.intake import AddAttachments, FileList, FileView, GetFile, ListFiles, RegisterFile
from shared.errors import Invalid, NotFound

BATCH = 200


class Shelf(Protocol):
    """The file store, as far as sweeping needs it."""

    def older_than(self, moment: datetime) -> Iterator[str]: ...

    def forget(self, sha256: str, before: datetime) -> bool: ...


def register_file(command: RegisterFile, uow: IntakeWork) -> FileView:
    access.check(uow.actor, "submit_need")
    with uow:
        if command.size > uow.file_mb * MEGABYTE:
            raise Invalid("请检查填写的内容", fields={"size": "文件太大了"})
        file = File(
            file_id=uow.new_id(), sha256=command.sha256, name=command.name, content_type=command.content_type,
            size=command.size, added_at=uow.now,
        )  # fmt: skip
        uow.files.add(file)
        return uow.commit(file.view())


def claim_files(wanted: Iterable[str], request: Request, uow: IntakeWork) -> None:
    """They belong to this request from now on; raises Invalid."""
    wanted = list(wanted)
    if not wanted:
        return
    files = uow.files.get(wanted)
    check_claim(wanted, files)
    check_room(files, uow.files.of_request(request.request_id), uow.request_mb * MEGABYTE)
    for file in files:
        file.claim(request.request_id, brought_by(uow.actor.role))
        uow.files.put(file)
        uow.say(file.added(request.park, request.number))


def add_attachments(command: AddAttachments, uow: IntakeWork) -> FileList:
    with uow:
        request = found(command.request_id, "", uow)
        access.check(uow.actor, "add_attachment", park=request.park, request_id=request.request_id)
        if not command.files:
            raise Invalid("请检查填写的内容", fields={"files": "请先选文件"})
        claim_files(command.files, request, uow)
        return uow.commit(_list(request, uow))


def list_files(query: ListFiles, uow: IntakeWork) -> FileList:
    with uow:
        request = found(query.request_id, "", uow)
        access.check(uow.actor, "read_request", park=request.park, request_id=request.request_id)
        return _list(request, uow)


def _list(request: Request, uow: IntakeWork) -> FileList:
    return FileList(files=tuple(file.view() for file in uow.files.of_request(request.request_id)))


def get_file(query: GetFile, uow: IntakeWork) -> FileView:
    """The same answer whether it is not there or belongs to no request yet."""
    with uow:
        file = next(iter(uow.files.get([query.file_id])), None)
        if file is None or file.request_id is None:
            raise NotFound("没有这个文件")
        request = found(file.request_id, "", uow)
        access.check(uow.actor, "read_request", park=request.park, request_id=request.request_id)
    return file.view()


def sweep(uow: IntakeWork) -> int:
    """Forget files that nobody claimed within a day; returns how many."""
    with uow:
        gone = uow.files.forget_unclaimed(uow.now - UNCLAIMED, BATCH)
        uow.commit()
    return gone


def sweep_shelf(uow: IntakeWork, shelf: Shelf, now: datetime) -> int:
    """Take away contents that no file has, and that nobody has put there for a day; returns how many.

    A content is put on the shelf before its file is registered, so what is young may yet be named.
    """
    before = now - UNCLAIMED
    old, gone = shelf.older_than(before), 0
    while batch := list(islice(old, BATCH)):
        with uow:
            leftover = uow.files.unknown(batch)
        gone += sum(shelf.forget(sha256, before) for sha256 in leftover)
    return gone
