"""Where files are kept: a directory, or an S3 bucket, each file named by the SHA-256 of its content.

A file comes in pieces to a place of its own, is measured and hashed on the way, and is only then put on the shelf: by
renaming, after its bytes are on the disk. What is on the shelf is never changed. A file kept twice is there once, and
younger again: `forget` takes away only what nobody has put there lately.
"""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from shared.config import Settings, settings
from shared.errors import Invalid, NotFound, Unavailable
from shared.files.kinds import check_kind, clean_name

CHUNK = 256 * 1024
MEGABYTE = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file on the shelf, as messages name it."""

    sha256: str
    size: int
    name: str
    content_type: str


class Shelf(Protocol):
    """Keeps files by the hash of their content. Raises Unavailable when the place cannot be used."""

    incoming: Path  # where files wait until they are whole; on the shelf's own disk, if it has one

    def keep(self, path: Path, sha256: str) -> None:
        """Put the file on the shelf, by moving or copying it."""
        ...

    def read(self, sha256: str) -> Iterator[bytes]:
        """The content, piece by piece; raises NotFound at once."""
        ...

    def older_than(self, moment: datetime) -> Iterator[str]:
        """Every file that nobody has put there since."""
        ...

    def forget(self, sha256: str, before: datetime) -> bool:
        """Take the file away, unless somebody has put it there again since `before`."""
        ...


class Incoming:
    """A file that is still coming: `write` its pieces, then `keep` it; leaving the block drops what was not kept."""

    def __init__(self, shelf: Shelf, name: str, declared: str, limit: int) -> None:
        self._shelf, self._declared, self._limit = shelf, declared, limit
        self.name = clean_name(name)
        self.size = 0
        self._hash = hashlib.sha256()

    def __enter__(self) -> Self:
        with _place():
            self._shelf.incoming.mkdir(parents=True, exist_ok=True)
            descriptor, path = tempfile.mkstemp(dir=self._shelf.incoming)
        self._path = Path(path)
        self._file: BinaryIO = os.fdopen(descriptor, "wb")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def write(self, piece: bytes) -> None:
        """Raises Invalid as soon as it is too large."""
        self.size += len(piece)
        if self.size > self._limit:
            raise Invalid("“{name}”太大，一个文件最多 {most} MB", name=self.name, most=self._limit // MEGABYTE)
        self._hash.update(piece)
        with _place():
            self._file.write(piece)

    def keep(self) -> Kept:
        """Put it on the shelf; raises Invalid for a kind that is not taken."""
        with _place():
            self._file.flush()
            os.fsync(self._file.fileno())
        media = check_kind(self._path, self.name, self._declared)
        sha256 = self._hash.hexdigest()
        self._shelf.keep(self._path, sha256)
        return Kept(sha256=sha256, size=self.size, name=self.name, content_type=media)


class Folder:
    """A directory of this machine, or one that all machines share."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.incoming = root / "incoming"

    def keep(self, path: Path, sha256: str) -> None:
        target = self._place(sha256)
        with _place():
            target.parent.mkdir(parents=True, exist_ok=True)
            # It replaces what may be there already, which is the same, and makes it young.
            os.utime(path)
            path.replace(target)
            _sync(target.parent)

    def read(self, sha256: str) -> Iterator[bytes]:
        try:
            with _place():
                file = self._place(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound("没有这个文件") from None
        return _pieces(file)

    def older_than(self, moment: datetime) -> Iterator[str]:
        for path in self._root.glob("[0-9a-f][0-9a-f]/*"):
            if _SHA256.fullmatch(path.name) and _changed(path) < moment:
                yield path.name

    def forget(self, sha256: str, before: datetime) -> bool:
        """It is moved away before its age is looked at, so that who keeps it meanwhile keeps it anew."""
        place = self._place(sha256)
        if _changed(place) >= before:
            return False
        aside = place.with_name(f"{place.name}.leaving")
        try:
            with _place():
                place.rename(aside)
                if _changed(aside) >= before:
                    os.link(aside, place)
                    return False
        except FileNotFoundError:
            return False
        except FileExistsError:
            return False  # kept anew meanwhile
        finally:
            aside.unlink(missing_ok=True)
        return True

    def _place(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise NotFound("没有这个文件")
        return self._root / sha256[:2] / sha256


class Bucket:
    """A bucket of an S3 service; who may use it, boto3 finds out as it always does."""

    def __init__(self, bucket: str, prefix: str, endpoint: str, incoming: Path) -> None:
        import boto3  # takes half a second, which only those pay who need it
        import botocore

        self._client: Any = boto3.client(
            "s3", endpoint_url=endpoint or None,
            config=botocore.config.Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 3}),
        )  # fmt: skip
        self._faults = (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, boto3.exceptions.Boto3Error)
        self._bucket, self._prefix = bucket, prefix
        self.incoming = incoming

    def keep(self, path: Path, sha256: str) -> None:
        with self._reaching():
            self._client.upload_file(str(path), self._bucket, self._key(sha256))

    def read(self, sha256: str) -> Iterator[bytes]:
        with self._reaching():
            body = self._client.get_object(Bucket=self._bucket, Key=self._key(sha256))["Body"]
        return self._pieces(body)

    def _pieces(self, body: Any) -> Iterator[bytes]:
        with self._reaching(), contextlib.closing(body):
            yield from body.iter_chunks(CHUNK)

    def older_than(self, moment: datetime) -> Iterator[str]:
        with self._reaching():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
            for page in pages:
                for one in page.get("Contents", ()):
                    name = one["Key"].rpartition("/")[2]
                    if _SHA256.fullmatch(name) and one["LastModified"] < moment:
                        yield name

    def forget(self, sha256: str, before: datetime) -> bool:
        key = self._key(sha256)
        with self._reaching():
            try:
                changed = self._client.head_object(Bucket=self._bucket, Key=key)["LastModified"]
            except self._faults as error:
                if _status(error) == 404:
                    return False
                raise
            if changed >= before:
                return False
            self._client.delete_object(Bucket=self._bucket, Key=key)
        return True

    def close(self) -> None:
        self._client.close()

    def _key(self, sha256: str) -> str:
        if not _SHA256.fullmatch(sha256):
            raise NotFound("没有这个文件")
        return f"{self._prefix}{sha256[:2]}/{sha256}"

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except self._faults as error:
            if _status(error) == 404:
                raise NotFound("没有这个文件") from error
            raise Unavailable("文件库暂时用不了，请稍后再试") from error


def _status(error: BaseException) -> int:
    response = getattr(error, "response", None) or {}
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


@contextlib.contextmanager
def _place() -> Iterator[None]:
    """The disk: full, gone or not ours to write means "not now"."""
    try:
        yield
    except (FileNotFoundError, FileExistsError):
        raise
    except OSError as error:
        raise Unavailable("文件库暂时用不了，请稍后再试") from error


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK):
            yield piece


def _changed(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)  # somebody else is at it


def _sync(folder: Path) -> None:
    """A renamed file is only safe once its folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def shelf(part: str = "") -> Shelf:
    """This installation's shelf; a named part of it is a shelf of its own."""
    return _shelf(settings(), part)


@cache
def _shelf(given: Settings, part: str) -> Shelf:
    if not given.files:
        return Folder(given.home / "files" / part if part else given.home / "files")
    bucket, _, prefix = given.files.removeprefix("s3://").partition("/")
    prefix = "".join(f"{step}/" for step in (prefix.rstrip("/"), part) if step)
    return Bucket(bucket, prefix, given.s3_endpoint, given.home / "incoming")
