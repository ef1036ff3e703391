"""Files that belong to requests. Messages name them; their content stays in the file store."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Event, Query


@dataclass(frozen=True, kw_only=True)
class AttachmentAdded(Event):
    """A request has one more file. `brought_by`: client, staff or mail."""

    file_id: str
    number: str
    sha256: str
    name: str
    content_type: str
    size: int  # bytes
    brought_by: str


@dataclass(frozen=True, kw_only=True)
class FileView(Answer):
    """`file_id` is the key under which a need may name the file."""

    file_id: str
    sha256: str
    name: str
    content_type: str
    size: int  # bytes
    added_at: datetime
    brought_by: str = ""


@dataclass(frozen=True, kw_only=True)
class RegisterFile(Command):
    """A file lies in the file store. Until a request names it, nobody can open it; after a day it is swept away."""

    returns = FileView
    sha256: str
    name: str
    content_type: str
    size: int


@dataclass(frozen=True, kw_only=True)
class FileList(Answer):
    files: tuple[FileView, ...]


@dataclass(frozen=True, kw_only=True)
class AddAttachments(Command):
    """Files for a request that is there already."""

    returns = FileList
    request_id: str
    files: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ListFiles(Query):
    returns = FileList
    request_id: str


@dataclass(frozen=True, kw_only=True)
class GetFile(Query):
    """One file of a request, for who may read the request."""

    returns = FileView
    file_id: str
