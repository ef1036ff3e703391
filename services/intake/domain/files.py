"""Files of requests: who may add them, how many, how much, and when those that nobody claims are swept away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.access import Role
from shared.contracts.intake import AttachmentAdded, FileView
from shared.errors import Invalid

MOST = 20  # files handed in at once
MOST_OF_ALL = 100  # of one request
UNCLAIMED = timedelta(days=1)
MEGABYTE = 1024 * 1024


@dataclass(kw_only=True)
class File:
    """A file in the store, and the request it belongs to, if one has named it."""

    file_id: str
    sha256: str
    name: str
    content_type: str
    size: int
    added_at: datetime
    request_id: str | None = None
    brought_by: str = ""
    mail_id: str | None = None  # the mail that holds it until a request has it

    def view(self) -> FileView:
        return FileView(**{name: value for name, value in vars(self).items() if name not in ("request_id", "mail_id")})

    def claim(self, request_id: str, brought_by: str) -> None:
        self.request_id, self.brought_by = request_id, brought_by

    def added(self, park: str, number: str) -> AttachmentAdded:
        hidden = ("added_at", "request_id", "mail_id")
        values = {name: value for name, value in vars(self).items() if name not in hidden}
        return AttachmentAdded(park=park, request_id=self.request_id or "", number=number, **values)


def brought_by(role: str) -> str:
    """Who brought a file, as it is shown."""
    if role == Role.SYSTEM:
        return "mail"
    return "staff" if role in (Role.STAFF, Role.OPERATOR, Role.ADMIN) else "client"


def check_claim(wanted: list[str], found: list[File]) -> None:
    """Raises Invalid if a file is not there any more, or belongs to another request."""
    free = {file.file_id for file in found if file.request_id is None and file.mail_id is None}
    if len(set(wanted)) != len(wanted) or not free >= set(wanted):
        raise Invalid("请检查填写的内容", fields={"files": "有的文件已经过期，请重新上传"})
    if len(wanted) > MOST:
        raise Invalid("请检查填写的内容", fields={"files": "文件太多了，一次最多 20 个"})


def check_room(more: Sequence[File], there: Sequence[File], most_bytes: int) -> None:
    """Raises Invalid if a request has no room for so many files, or so much."""
    if len(more) + len(there) > MOST_OF_ALL:
        raise Invalid("请检查填写的内容", fields={"files": "这件事的文件太多了"})
    if sum(file.size for file in (*more, *there)) > most_bytes:
        most = most_bytes // MEGABYTE
        raise Invalid("一件事的文件加起来最多 {most} MB", fields={"files": "文件加起来太大了"}, most=most)


class Files(Protocol):
    """Every file that is in the store for us."""

    def add(self, file: File) -> None: ...

    def get(self, file_ids: Iterable[str]) -> list[File]:
        """In this order; locked until the transaction ends, if it may write. Those that are not there are left out."""
        ...

    def put(self, file: File) -> None: ...

    def of_request(self, request_id: str) -> list[File]:
        """Oldest first."""
        ...

    def of_mail(self, mail_id: str) -> list[File]:
        """Those that a mail still holds, oldest first."""
        ...

    def forget_unclaimed(self, before: datetime, most: int) -> int:
        """Forget those that no request and no mail has; returns how many. No other instance gets the same ones."""
        ...

    def unknown(self, hashes: Iterable[str]) -> list[str]:
        """Of these, the contents that no file has."""
        ...
