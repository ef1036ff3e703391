"""The station's mailbox on an IMAP server: what waits in it, and where it is put when it is done with."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import unquote, urlsplit

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from shared.errors import Unavailable

SECONDS = 20  # that the server may take for one answer
AT_ONCE = 50
DONE, ASIDE = "Handled", "Set-aside"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Waiting(NamedTuple):
    """A mail in the mailbox. `delivery` is its name for good: no other mail of this mailbox ever has the same."""

    uid: int
    delivery: str
    size: int


class Mailbox:
    """One connection to the mailbox. Raises Unavailable when it cannot be used now."""

    def __init__(self, uri: str) -> None:
        parts = urlsplit(uri)
        self._host, self._port = parts.hostname or "", parts.port
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._secure = parts.scheme == "imaps"
        self._folder = unquote(parts.path.strip("/")) or "INBOX"

    def __enter__(self) -> Self:
        with _reaching():
            context = ssl.create_default_context()
            self._client: Any = IMAPClient(
                self._host, port=self._port, ssl=self._secure, ssl_context=context if self._secure else None,
                timeout=SECONDS,
            )  # fmt: skip
            try:
                self._open(context)
            except BaseException:
                self._client.shutdown()
                raise
        return self

    def _open(self, context: ssl.SSLContext) -> None:
        if not self._secure and self._host not in LOOPBACK:
            self._client.starttls(context)  # never a password in the clear
        self._client.login(self._user, self._password)
        for folder in (DONE, ASIDE):
            self._make(folder)
        validity = self._client.select_folder(self._folder)[b"UIDVALIDITY"]
        self._name = f"{self._host}/{self._user}/{self._folder}/{validity}"
        self._moves = self._client.has_capability("MOVE")

    def _make(self, folder: str) -> None:
        if self._client.folder_exists(folder):
            return
        try:
            self._client.create_folder(folder)
        except IMAPClientError:
            if not self._client.folder_exists(folder):  # else another instance was first
                raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(IMAPClientError, OSError):
            self._client.logout()

    def waiting(self) -> list[Waiting]:
        """Every mail that is there, the oldest first; at most so many at once."""
        with _reaching():
            uids = sorted(self._client.search(["UNDELETED"]))[:AT_ONCE]
            sizes = self._client.fetch(uids, ["RFC822.SIZE"]) if uids else {}
        return [
            Waiting(uid, f"{self._name}/{uid}", sizes[uid][b"RFC822.SIZE"])
            for uid in uids
            if b"RFC822.SIZE" in sizes.get(uid, {})  # else another instance has just put it away
        ]

    def read(self, uid: int, head_only: bool = False) -> bytes | None:
        """The mail as it came, or its headers; None if it is there no more. It stays unread."""
        part = b"BODY[HEADER]" if head_only else b"BODY[]"
        with _reaching():
            found = self._client.fetch([uid], [part.replace(b"BODY", b"BODY.PEEK", 1)])
        content = found.get(uid, {}).get(part)
        return bytes(content) if content is not None else None

    def put_away(self, uid: int, folder: str) -> None:
        """Move it out of the way; nothing happens if it is there no more."""
        with _reaching():
            if self._moves:
                self._client.move([uid], folder)
                return
            self._client.copy([uid], folder)
            self._client.delete_messages([uid])
            self._client.uid_expunge([uid]) if self._client.has_capability("UIDPLUS") else self._client.expunge()


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (IMAPClientError, OSError, ssl.SSLError) as error:
        raise Unavailable("邮箱暂时连不上，请稍后再试") from error
