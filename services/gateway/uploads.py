"""Files that clients and staff send us: put into the file store, named to intake, and handed out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.responses import Response, StreamingResponse

from services.gateway.bodies import MOST_FILES
from services.gateway.visit import Visit
from shared.access import Actor
from shared.contracts.intake import FileView, RegisterFile
from shared.errors import Invalid
from shared.files import Incoming, Kept, shelf

PIECE = 256 * 1024
SECONDS = 86400  # a file may be named in a form this long after it came


async def take(visit: Visit, upload: UploadFile, actor: Actor, key: str) -> FileView:
    """Put one file into the store and tell intake; raises Invalid for one that is too large or of a kind not taken."""
    kept = await to_thread.run_sync(_keep, upload, visit.gateway.settings.file_mb)
    command = RegisterFile(sha256=kept.sha256, name=kept.name, content_type=kept.content_type, size=kept.size)
    file: FileView = await visit.tell(command, actor, f"{key} {kept.sha256}")
    return file


def _keep(upload: UploadFile, most: int) -> Kept:
    with Incoming(shelf(), upload.filename or "", upload.content_type or "", most * 1024 * 1024) as incoming:
        while piece := upload.file.read(PIECE):
            incoming.write(piece)
        return incoming.keep()


@dataclass(frozen=True)
class Attached:
    """A file that was sent with a form, for the form that is drawn again: `held` proves that it came from us."""

    file_id: str
    name: str
    size: int
    held: str


async def attached(visit: Visit, actor: Actor) -> tuple[list[Attached], str]:
    """The files of the form: those that came before and those that come now; and what is wrong with one."""
    visit_key, found = visit.form["key"], _before(visit)
    for upload in visit.form.files:
        try:
            await visit.gateway.people.count_upload(visit.address)
            file = await take(visit, upload, actor, f"{visit_key} file")
        except Invalid as error:
            return found, visit.say.error(error)
        if file.file_id not in {one.file_id for one in found}:
            held = visit.gateway.seals.seal("file", [file.file_id, file.name, file.size], SECONDS)
            found.append(Attached(file.file_id, file.name, file.size, held))
    return found, ""


def _before(visit: Visit) -> list[Attached]:
    found = []
    for held in visit.form.all("held")[:MOST_FILES]:
        if value := visit.gateway.seals.open("file", held):
            file_id, name, size = value
            found.append(Attached(file_id, name, size, held))
    return found


def ids(files: Sequence[Attached]) -> tuple[str, ...]:
    return tuple(file.file_id for file in files)


async def download(file: FileView) -> Response:
    """The file as something to keep, never to run in our pages' name."""
    pieces = await to_thread.run_sync(shelf().read, file.sha256)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-length": str(file.size),
        "cache-control": "private, no-store",
    }
    return StreamingResponse(pieces, media_type=file.content_type, headers=headers)
