"""Personal data in a column: encrypted, and bound to the row it belongs to."""

import json
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class Cipher:
    """AES-256-GCM with the installation's data key; what was moved to another row does not open there."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, values: dict[str, Any], row: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, json.dumps(values).encode(), row.encode())

    def open(self, sealed: bytes, row: str) -> dict[str, Any]:
        plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], row.encode())
        return dict(json.loads(plain))
