"""A list of visits from its file to intake, in parts that fit into a message."""

from collections.abc import Iterable, Iterator
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import UploadFile

from services.gateway.visit import Visit
from services.gateway.visit_lists.reading import FILE_LIMIT, Sheet, read
from shared.access import Actor
from shared.contracts.intake import AddVisits, GetVisits, VisitLine, VisitList, VisitPage, VisitRow
from shared.errors import Invalid, Unavailable
from shared.wire import dump, encode

PART = 100 * 1024  # bytes of lines in one message
NAME_LIMIT = 120  # characters of the file's name that are kept
_reading = CapacityLimiter(1)  # a file takes its share of CPU and memory


async def take(visit: Visit, upload: UploadFile, park: str, actor: Actor, key: str) -> VisitList:
    """Read the file and hand its lines to intake, once for a key; raises Invalid."""
    if (upload.size or 0) > FILE_LIMIT:
        raise Invalid("请检查填写的内容", fields={"file": "文件最大 5 MB，请分成几份"})
    try:
        categories = await visit.gateway.known.categories()
    except Unavailable:
        categories = []
    sheet: Sheet = await to_thread.run_sync(read, upload.file, categories, limiter=_reading)
    list_id = visit.command_id(actor, key)
    name = (upload.filename or "").replace("\\", "/").rpartition("/")[2][-NAME_LIMIT:] or "visits.xlsx"
    parts = list(_parts(sheet.rows))
    for index, rows in enumerate(parts):
        command = AddVisits(
            list_id=list_id, park=park, file_name=name, columns=dict(sheet.columns), rows=tuple(rows),
            last=index == len(parts) - 1,
        )  # fmt: skip
        told: VisitList = await visit.tell(command, actor, f"{key} {index}")
    return told


def _parts(rows: Iterable[VisitRow]) -> Iterator[list[VisitRow]]:
    part: list[VisitRow] = []
    size = 0
    for row in rows:
        length = len(encode(dump(row)))
        if part and size + length > PART:
            yield part
            part, size = [], 0
        part.append(row)
        size += length
    if part:
        yield part


async def lines(visit: Visit, list_id: str, actor: Actor, wrong: bool = False) -> list[VisitLine]:
    """Every line, or every wrong one."""
    found: list[VisitLine] = []
    after: Any = 0
    while True:
        page: VisitPage = await visit.ask(GetVisits(list_id=list_id, wrong=wrong, after=after, limit=50), actor)
        found += page.lines
        if not page.next:
            return found
        after = page.next
