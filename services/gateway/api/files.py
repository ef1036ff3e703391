"""The API's operations on files: send one, add it to a request, open it."""

import uuid

from starlette.responses import Response

from services.gateway import uploads
from services.gateway.api.operations import Who, operation, signed_in
from services.gateway.api.requests import owner_of, reader_of
from services.gateway.api.schemas import FilesIn
from services.gateway.bodies import SLACK, Form, is_multipart, read_multipart
from services.gateway.errors import NotJson
from services.gateway.known import PUBLIC
from services.gateway.visit import Visit, idempotency_key
from shared.contracts.intake import AddAttachments, FileList, FileView, GetFile, GetRequest, ListFiles, RequestView
from shared.errors import Invalid


@operation(
    "POST",
    "/files",
    "Send one file as multipart/form-data, part `file`. Name its file_id in a need within a day, or it is swept away.",
    uploads=True,
    gives=FileView,
    status=201,
)
async def upload_file(visit: Visit) -> FileView:
    await visit.gateway.people.count_upload(visit.address)
    actor = (await signed_in(visit)).account.actor() if visit.token else PUBLIC
    visit.form = await _form(visit)
    try:
        if len(visit.form.files) != 1:
            raise Invalid("请发一个文件")
        return await uploads.take(visit, visit.form.files[0], actor, idempotency_key(visit.request) or uuid.uuid4().hex)
    except Invalid as error:
        raise Invalid(error.text, fields=error.fields or {"file": visit.say.error(error)}, **error.params) from error
    finally:
        await visit.form.close()


async def _form(visit: Visit) -> Form:
    """What the body holds; raises NotJson or TooLarge."""
    if not is_multipart(visit.request):
        raise NotJson("请用 multipart/form-data 发送文件")
    most = visit.gateway.settings.file_mb * 1024 * 1024
    return Form(*await read_multipart(visit.request, most + SLACK))


@operation("GET", "/requests/{number}/files", "The files of a request.", who=Who.OWNER, gives=FileList)
async def list_request_files(visit: Visit, number: str) -> FileList:
    actor = await reader_of(visit, number)
    request: RequestView = await visit.ask(GetRequest(number=number), actor)
    return await visit.ask(ListFiles(request_id=request.request_id), actor)


@operation(
    "POST",
    "/requests/{number}/files",
    "Add files that were sent before to a request.",
    who=Who.OWNER,
    takes=FilesIn,
    gives=FileList,
)
async def add_request_files(visit: Visit, number: str, files: list[str]) -> FileList:
    actor = await owner_of(visit, number)
    request: RequestView = await visit.ask(GetRequest(number=number), actor)
    command = AddAttachments(request_id=request.request_id, files=tuple(files))
    return await visit.tell(command, actor, idempotency_key(visit.request))


@operation(
    "GET",
    "/requests/{number}/files/{file_id}",
    "One file of a request.",
    who=Who.OWNER,
    media="application/octet-stream",
)
async def open_request_file(visit: Visit, number: str, file_id: str) -> Response:
    actor = await reader_of(visit, number)
    return await uploads.download(await visit.ask(GetFile(file_id=file_id), actor))
