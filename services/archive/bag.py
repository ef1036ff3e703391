"""Sealed dossiers on disk: BagIt packages (RFC 8493) that only ever appear whole."""

import hashlib
import json
import os
import shutil
from pathlib import Path

from services.archive.domain.dossiers import Dossier, Parts
from shared.contracts.base import Details

VERSION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class Shelf:
    """Bags under one folder: `park/year/number`."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def file(self, dossier: Dossier, parts: Parts) -> str:
        """Write the bag beside its place, make it last, and move it there; returns the digest."""
        place = self._home / dossier.path
        fresh = place.with_name(f".{place.name}.partial")
        for leftover in (fresh, place):
            if leftover.exists():
                shutil.rmtree(leftover)
        files, digest = package(dossier, parts)
        (fresh / "data").mkdir(parents=True)
        for name, content in files.items():
            _write(fresh / name, content)
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
        return {
            found.relative_to(place).as_posix(): found.read_bytes() if found.is_file() else b""
            for found in place.rglob("*")
            if found.is_symlink() or not found.is_dir() or not any(found.iterdir())
        }


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
