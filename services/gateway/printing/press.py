"""Has a sheet typeset, one at a time, beside the server."""

import asyncio
import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared import keys
from shared.config import Settings
from shared.contracts.base import Details
from shared.errors import NotFound, Unavailable
from shared.files import shelf

SECONDS = 60
NONCE_BYTES = 12
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


class Prints:
    """Where the print of one dossier is kept: in the file store, encrypted with the installation's data key."""

    def __init__(self, given: Settings, item_id: str) -> None:
        self._cipher, self._bound = AESGCM(keys.data_key(given)), item_id.encode()

    def keep(self, content: bytes) -> str:
        """Returns the SHA-256 of the print, by which it is found again."""
        store, sha256 = shelf("prints"), hashlib.sha256(content).hexdigest()
        store.incoming.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=store.incoming)
        nonce = os.urandom(NONCE_BYTES)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(nonce + self._cipher.encrypt(nonce, content, self._bound))
                file.flush()
                os.fsync(file.fileno())
            store.keep(Path(name), sha256)
        finally:
            Path(name).unlink(missing_ok=True)
        return sha256

    def kept(self, sha256: str) -> bytes:
        """Raises NotFound if it is gone, or is not what was kept."""
        sealed = b"".join(shelf("prints").read(sha256))
        try:
            content = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound)
        except InvalidTag as error:
            raise NotFound("没有这份档案") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise NotFound("没有这份档案")
        return content
