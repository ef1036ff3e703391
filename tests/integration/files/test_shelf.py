"""The shelf's promises, kept by a directory and by an S3 bucket alike."""

import hashlib
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.errors import Invalid, NotFound, Unavailable
from shared.files import Bucket, Folder, Incoming

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4000
LIMIT = 5 * 1024 * 1024


def keep(shelf, content=PDF, name="报告.pdf", declared="application/pdf"):
    with Incoming(shelf, name, declared, LIMIT) as incoming:
        for at in range(0, len(content), 70_000):
            incoming.write(content[at : at + 70_000])
        return incoming.keep()


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


def test_keeps_a_file_under_the_hash_of_its_content(shelf):
    kept = keep(shelf)
    assert (kept.sha256, kept.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    assert (kept.name, kept.content_type) == ("报告.pdf", "application/pdf")
    assert b"".join(shelf.read(kept.sha256)) == PDF


def test_the_same_content_is_there_once(shelf):
    assert keep(shelf).sha256 == keep(shelf, name="again.pdf").sha256
    assert list(shelf.older_than(soon())) == [keep(shelf).sha256]


def test_what_was_not_kept_leaves_nothing(shelf):
    with pytest.raises(Invalid, match="内容"):
        keep(shelf, content=b"MZ\x90\x00 not a pdf")
    with Incoming(shelf, "a.pdf", "application/pdf", LIMIT) as incoming:
        incoming.write(PDF)
    with Incoming(shelf, "a.pdf", "", LIMIT) as incoming:
        for _ in range(LIMIT // len(PDF)):
            incoming.write(PDF)
        with pytest.raises(Invalid, match="最多 5 MB"):
            incoming.write(PDF)
    assert list(shelf.older_than(soon())) == []
    assert list(shelf.incoming.iterdir()) == []


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "A" * 64])
def test_what_is_not_there_is_not_found_at_once(shelf, name):
    with pytest.raises(NotFound):
        shelf.read(name)


def test_forgets_only_what_nobody_put_there_lately(shelf):
    kept = keep(shelf)
    long_ago = datetime.now(UTC) - timedelta(days=1)
    assert list(shelf.older_than(long_ago)) == []
    assert not shelf.forget(kept.sha256, long_ago)
    assert b"".join(shelf.read(kept.sha256)) == PDF
    assert shelf.forget(kept.sha256, soon())
    assert not shelf.forget(kept.sha256, soon())
    with pytest.raises(NotFound):
        shelf.read(kept.sha256)


def test_a_file_being_read_is_read_to_its_end_though_it_is_forgotten(tmp_path):
    shelf = Folder(tmp_path)
    kept = keep(shelf)
    pieces = shelf.read(kept.sha256)
    first = next(pieces)
    assert shelf.forget(kept.sha256, soon())
    assert first + b"".join(pieces) == PDF


def test_keeping_and_forgetting_at_once_never_loses_what_was_kept_last(tmp_path):
    shelf = Folder(tmp_path)
    stop = threading.Event()
    sha256 = keep(shelf).sha256

    def forget() -> None:
        while not stop.is_set():
            shelf.forget(sha256, datetime.now(UTC) - timedelta(seconds=30))

    threads = [threading.Thread(target=forget) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(200):
            keep(shelf)
            assert b"".join(shelf.read(sha256)) == PDF
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_a_place_that_cannot_be_used_is_unavailable(tmp_path: Path, bucket):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Unavailable):
        keep(Folder(tmp_path / "file"))
    away = Bucket("nqi-files", "", "http://127.0.0.1:9", tmp_path / "incoming")
    with pytest.raises(Unavailable):
        keep(away)
    away.close()
