"""Signed cookie values: what the browser keeps for us and cannot change."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any


class Seals:
    """Signs small JSON values for one purpose each, until a moment."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, purpose: str, value: Any, seconds: int) -> str:
        body = json.dumps([value, int(time.time()) + seconds], ensure_ascii=False, separators=(",", ":"))
        packed = base64.urlsafe_b64encode(body.encode()).rstrip(b"=").decode()
        return f"{packed}.{self.mark(purpose, packed)}"

    def open(self, purpose: str, sealed: str) -> Any:
        """The value, or None if it was not sealed here for this purpose, or its time is over."""
        packed, _, mark = sealed.rpartition(".")
        if not hmac.compare_digest(mark.encode(), self.mark(purpose, packed).encode()):
            return None
        value, until = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        return value if until > time.time() else None

    def mark(self, purpose: str, text: str) -> str:
        """A keyed digest of a text; differs for every purpose."""
        key = hmac.digest(self._key, f"nqi gateway {purpose}".encode(), hashlib.sha256)
        digest = hmac.digest(key, text.encode("utf-8", "surrogateescape"), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
