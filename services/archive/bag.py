"""Sealed dossiers on disk: BagIt packages (RFC 8493) that only ever appear whole, their content encrypted.

Each has a key of its own, which encrypts what is under `data/`; `key.json` holds that key, encrypted with one of the
keyring's. The manifests are of the content in the clear, so that another key changes neither seal nor chain.
"""

import hashlib
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.archive.domain.dossiers import Dossier, Parts
from services.archive.keyring import Keyring
from shared.contracts.base import Details

KEY = "key.json"
NONCE_BYTES = 12
VERSION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class Shelf:
    """Bags under one folder: `park/year/number`."""

    def __init__(self, home: Path, keyring: Keyring) -> None:
        self._home, self._keyring = home, keyring

    def file(self, dossier: Dossier, parts: Parts) -> str:
        """Write the bag beside its place, make it last, and move it there; returns the digest."""
        place = self._home / dossier.path
        fresh = place.with_name(f".{place.name}.partial")
        for leftover in (fresh, place):
            if leftover.exists():
                shutil.rmtree(leftover)
        files, digest = package(dossier, parts)
        (fresh / "data").mkdir(parents=True)
        key = AESGCM.generate_key(256)
        for name, content in files.items():
            bound = f"{dossier.path}/{name}"
            _write(fresh / name, _encrypt(key, content, bound) if name.startswith("data/") else content)
        _write(fresh / KEY, self._wrapped(key, dossier.path))
        for folder in (fresh / "data", fresh):
            _sync(folder)
        os.rename(fresh, place)
        _sync(place.parent)
        return digest

    def places(self) -> list[str]:
        """Whatever is named like a dossier's folder, and whatever lies where only folders belong."""
        found = []
        for depth in ("*", "*/*", "*/*/*"):
            for place in self._home.glob(depth):
                if not place.name.startswith(".") and (depth == "*/*/*" or not place.is_dir()):
                    found.append(place.relative_to(self._home).as_posix())
        return sorted(found)

    def read(self, path: str) -> dict[str, bytes]:
        place = self._home / path
        if not path or self._home.resolve() not in place.resolve().parents:
            return {}
        files = {
            found.relative_to(place).as_posix(): found.read_bytes() if found.is_file() else b""
            for found in place.rglob("*")
            if found.is_symlink() or not found.is_dir() or not any(found.iterdir())
        }
        return self._in_the_clear(files, path) if KEY in files else files

    def _in_the_clear(self, files: dict[str, bytes], path: str) -> dict[str, bytes]:
        """What cannot be decrypted stays as it is, and so is found to be changed."""
        key = self._unwrapped(files[KEY], path)
        if key is None:
            return files
        clear = {name: content for name, content in files.items() if name != KEY}
        for name in [name for name in clear if name.startswith("data/")]:
            with suppress(InvalidTag, ValueError):
                clear[name] = _decrypt(key, clear[name], f"{path}/{name}")
        return clear

    def rotate(self) -> tuple[int, list[str], int]:
        """Encrypt each dossier's key with a new one; returns how many, those that failed, and how many keys are gone.

        May be cut short and begun again, while dossiers are filed and read.
        """
        self._keyring.add()
        done, failed, used = 0, [], set[str]()
        for file in sorted(self._home.glob(f"*/*/*/{KEY}")):
            path = file.parent.relative_to(self._home).as_posix()
            key = self._unwrapped(content := file.read_bytes(), path)
            if key is None:
                failed.append(path)
                used |= {_named(content)}
                continue
            fresh = self._home / f".{file.parent.name}.key"
            _write(fresh, self._wrapped(key, path))
            fresh.replace(file)
            _sync(file.parent)
            done += 1
        return done, failed, 0 if failed else self._keyring.keep(used)

    def _wrapped(self, key: bytes, path: str) -> bytes:
        name, outer = self._keyring.newest()
        return json.dumps({"name": name, "key": _encrypt(outer, key, path).hex()}).encode()

    def _unwrapped(self, content: bytes, path: str) -> bytes | None:
        """The dossier's key; None where that is not what was written, or its keyring's key is gone."""
        try:
            told = json.loads(content)
            outer = self._keyring.get(told["name"])
            if outer is None or json.dumps(told).encode() != content:
                return None
            return _decrypt(outer, bytes.fromhex(told["key"]), path)
        except (InvalidTag, KeyError, TypeError, ValueError):
            return None


def package(dossier: Dossier, parts: Parts) -> tuple[dict[str, bytes], str]:
    """A dossier's files by name, and the digest of the file that seals them."""
    payload = {f"data/{name}.json": _text(part) for name, part in parts.items()}
    tags = {
        "bagit.txt": VERSION,
        "bag-info.txt": _info(dossier, sum(len(content) for content in payload.values()), len(payload)),
        "manifest-sha256.txt": _manifest(payload),
    }
    seal = _manifest(tags)
    return {**payload, **tags, "tagmanifest-sha256.txt": seal}, hashlib.sha256(seal).hexdigest()


def _info(dossier: Dossier, octets: int, files: int) -> bytes:
    return (
        f"External-Identifier: {dossier.number}\n"
        f"Bagging-Date: {dossier.closed_at.date().isoformat()}\n"
        f"Payload-Oxum: {octets}.{files}\n"
        f"NQI-Park: {dossier.park}\n"
        f"NQI-Item: {dossier.item_id}\n"
        f"NQI-Sequence: {dossier.sequence}\n"
        f"NQI-Previous: {dossier.previous}\n"
        f"NQI-File-Number: {dossier.file_number}\n"
    ).encode()


def _manifest(files: dict[str, bytes]) -> bytes:
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return "".join(lines).encode()


def _text(part: Details | list[Details]) -> bytes:
    return (json.dumps(part, ensure_ascii=False, indent=1) + "\n").encode()


def _named(content: bytes) -> str:
    """Which of the keyring's keys it says it needs."""
    try:
        return str(json.loads(content)["name"])
    except (KeyError, TypeError, ValueError):
        return ""


def _encrypt(key: bytes, content: bytes, bound: str) -> bytes:
    """AES-256-GCM, bound to where it belongs: moved elsewhere it does not open."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, bound.encode())


def _decrypt(key: bytes, sealed: bytes, bound: str) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound.encode())


def _write(path: Path, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def shelf(home: Path) -> Shelf:
    """This installation's, under its home; the keys are beside it, not in it."""
    return Shelf(home / "archive", Keyring(home / "keys" / "archive.json"))
