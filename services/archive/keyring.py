"""The keys that encrypt dossiers at rest: a file apart from the store; the newest is for what is filed now."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.config import CannotStart


class Keyring:
    """Keys by name, 32 bytes each. The file is made at the first use, readable by its owner only."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def newest(self) -> tuple[str, bytes]:
        keys = self._read() or self.add()
        name = list(keys)[-1]
        return name, keys[name]

    def get(self, name: str) -> bytes | None:
        return self._read().get(name)

    def add(self) -> dict[str, bytes]:
        """One more key, which is the newest; if there was none yet, whoever is first makes it."""
        empty = not self._read()
        with self._alone():
            keys = self._read()
            if not (empty and keys):
                keys[secrets.token_hex(4)] = secrets.token_bytes(32)
                self._write(keys)
        return keys

    def keep(self, used: set[str]) -> int:
        """Forget keys that are not used, but for the newest two, for a process may be filing; returns how many."""
        with self._alone():
            keys = self._read()
            kept = {name: key for name, key in keys.items() if name in {*used, *list(keys)[-2:]}}
            self._write(kept)
        return len(keys) - len(kept)

    def _read(self) -> dict[str, bytes]:
        try:
            text = self._file.read_text()
        except FileNotFoundError:
            return {}
        try:
            return {name: bytes.fromhex(key) for name, key in json.loads(text).items()}
        except (AttributeError, TypeError, ValueError) as error:
            raise CannotStart(f"{self._file} holds no keys: bring it back from where you keep its copy") from error

    def _write(self, keys: dict[str, bytes]) -> None:
        fresh = self._file.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({name: key.hex() for name, key in keys.items()}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(self._file.with_suffix(".lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
