"""The keys of this installation: one to sign, one to encrypt. Made at the first start, or given by settings."""

import os
import secrets
from functools import cache
from pathlib import Path

from shared.config import Settings


@cache
def signing_key(given: Settings) -> bytes:
    """32 bytes; signs actor tokens, event seals and cookies."""
    return bytes.fromhex(given.signing_key) if given.signing_key else _kept(given.home / "keys" / "signing.key")


@cache
def data_key(given: Settings) -> bytes:
    """32 bytes; encrypts personal data."""
    return bytes.fromhex(given.data_key) if given.data_key else _kept(given.home / "keys" / "data.key")


def _kept(path: Path) -> bytes:
    """The key in this file; a new one if there is none yet. Several processes may start at once."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # fails if another process was first
        except FileExistsError:
            pass
        finally:
            os.unlink(fresh)
    return bytes.fromhex(path.read_text())
