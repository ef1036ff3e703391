"""Dossiers are encrypted at rest, with keys apart from the store that can be changed at any time."""

import json
import shutil

import pytest

from services.archive import bag
from services.archive.bag import shelf
from services.archive.handlers import dossiers, ledger
from services.archive.keyring import Keyring
from shared.config import CannotStart
from tests.unit.archive.stories import life


@pytest.fixture
def database_url():
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def filled(archive):
    for number in (1, 2):
        ledger.record(life(number, text="千足金戒指送检"), archive())
        dossiers.seal_dossiers(archive())
    return archive


def on_disk(archive):
    return b"".join(path.read_bytes() for path in (archive.home / "archive").rglob("*") if path.is_file())


def names(archive):
    return set(json.loads((archive.home / "keys" / "archive.json").read_text()))


@pytest.mark.clause("7.2.3.4")
def test_what_is_filed_cannot_be_read_without_the_keys(filled):
    path = shelf(filled.home).places()[0]
    assert "千足金戒指送检" in shelf(filled.home).read(path)["data/application.json"].decode()
    assert "千足金".encode() not in on_disk(filled)
    key = filled.home / "keys" / "archive.json"
    assert key.stat().st_mode & 0o077 == 0
    key.rename(key.with_suffix(".away"))
    assert "千足金".encode() not in b"".join(shelf(filled.home).read(path).values())
    assert len(filled.proof().faults) >= 2
    key.with_suffix(".away").rename(key)
    assert filled.proof().faults == []


@pytest.mark.clause("7.2.3.4")
def test_keys_are_rotated_without_touching_seal_or_chain_and_old_ones_end(filled):
    before = {path: shelf(filled.home).read(path) for path in shelf(filled.home).places()}
    first = names(filled)
    assert shelf(filled.home).rotate() == (2, [], 0)  # the last but one stays for who is filing just now
    assert shelf(filled.home).rotate() == (2, [], 1)
    assert not first & names(filled)
    assert {path: shelf(filled.home).read(path) for path in before} == before
    assert filled.proof().faults == []
    ledger.record(life(3), filled())
    dossiers.seal_dossiers(filled())
    assert filled.proof().sound == 3


def test_a_rotation_cut_short_is_taken_up_again(filled, monkeypatch):
    written = []

    def write(path, content, real=bag._write):
        if len(written) == 1:
            raise OSError("no space left on device")
        written.append(path)
        real(path, content)

    monkeypatch.setattr(bag, "_write", write)
    with pytest.raises(OSError, match="no space"):
        shelf(filled.home).rotate()
    monkeypatch.undo()
    assert filled.proof().faults == []
    assert shelf(filled.home).rotate()[:2] == (2, [])
    assert filled.proof().faults == []


def test_a_dossier_whose_key_was_meddled_with_is_named_and_keeps_the_old_keys(filled):
    one, other = sorted((filled.home / "archive").rglob("key.json"))
    before = one.read_bytes()
    one.write_bytes(before.replace(b'"key": "', b'"key": "00'))
    done, failed, gone = shelf(filled.home).rotate()
    assert (done, failed, gone) == (1, ["tianan/2026/tianan2026-0001"], 0)
    one.write_bytes(before)
    assert filled.proof().faults == []
    shutil.copy(other, one)  # another dossier's key
    assert filled.proof().faults != []


def test_a_dossier_filed_in_the_clear_is_read_as_it_is(filled):
    place = filled.home / "archive" / shelf(filled.home).places()[0]
    for name, content in shelf(filled.home).read(shelf(filled.home).places()[0]).items():
        (place / name).write_bytes(content)
    (place / "key.json").unlink()
    assert filled.proof().faults == []


def test_a_file_that_holds_no_keys_says_what_to_do(tmp_path):
    file = tmp_path / "keys" / "archive.json"
    first = Keyring(file).newest()
    assert Keyring(file).newest() == first
    file.write_text("[]")
    with pytest.raises(CannotStart):
        Keyring(file).newest()
