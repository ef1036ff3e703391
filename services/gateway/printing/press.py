"""Has a sheet typeset, one at a time, beside the server."""

import asyncio
import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

from shared.contracts.base import Details
from shared.errors import Unavailable
from shared.files import shelf

SECONDS = 60
_turn = asyncio.Semaphore(1)


async def press(data: Details) -> bytes:
    """The PDF; raises Unavailable when it could not be made."""
    async with _turn:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.gateway.printing.typeset",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            content = json.dumps(data, ensure_ascii=False).encode()
            made, said = await asyncio.wait_for(process.communicate(content), SECONDS)
        except TimeoutError as error:
            process.kill()
            await process.wait()
            raise Unavailable("这份档案暂时打印不了，请稍后再试") from error
    if process.returncode or not made.startswith(b"%PDF-"):
        raise Unavailable("这份档案暂时打印不了，请稍后再试") from RuntimeError(said.decode(errors="replace")[-2000:])
    return made


def keep(content: bytes) -> str:
    """Put a print into the file store, among the prints; returns its SHA-256."""
    store, sha256 = shelf("prints"), hashlib.sha256(content).hexdigest()
    store.incoming.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=store.incoming)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        store.keep(Path(name), sha256)
    finally:
        Path(name).unlink(missing_ok=True)
    return sha256


def kept(sha256: str) -> bytes:
    """A print as it was kept; raises NotFound."""
    return b"".join(shelf("prints").read(sha256))
