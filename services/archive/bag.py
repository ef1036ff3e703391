"""Sealed dossiers on disk: BagIt packages (RFC 8493) that only ever appear whole."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import bagit

from services.archive.domain import FIRST, Dossier
from shared.contracts.base import Details

VERSION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class Shelf:
    """Bags under one folder: `park/year/number`."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def file(self, dossier: Dossier, parts: dict[str, Details | list[Details]]) -> str:
        """Write the bag beside its place, make it last, and move it there; returns the digest."""
        place = self._home / dossier.path
        fresh = place.with_name(f".{place.name}.partial")
        for leftover in (fresh, place):
            if leftover.exists():
                shutil.rmtree(leftover)
        (fresh / "data").mkdir(parents=True)
        payload = {f"data/{name}.json": _text(part) for name, part in parts.items()}
        octets = sum(len(text.encode()) for text in payload.values())
        tags = {
            "bagit.txt": VERSION,
            "bag-info.txt": _info(dossier, octets, len(payload)),
            "manifest-sha256.txt": _manifest(payload),
        }
        seal = _manifest(tags)
        for name, text in {**payload, **tags, "tagmanifest-sha256.txt": seal}.items():
            _write(fresh / name, text)
        for folder in (fresh / "data", fresh):
            _sync(folder)
        os.rename(fresh, place)
        _sync(place.parent)
        return hashlib.sha256(seal.encode()).hexdigest()


def _info(dossier: Dossier, octets: int, files: int) -> str:
    return (
        f"External-Identifier: {dossier.number}\n"
        f"Bagging-Date: {dossier.closed_at.date().isoformat()}\n"
        f"Payload-Oxum: {octets}.{files}\n"
        f"NQI-Park: {dossier.park}\n"
        f"NQI-Item: {dossier.item_id}\n"
        f"NQI-Sequence: {dossier.sequence}\n"
        f"NQI-Previous: {dossier.previous}\n"
    )


def _manifest(files: dict[str, str]) -> str:
    return "".join(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in sorted(files.items()))


def _text(part: Details | list[Details]) -> str:
    return json.dumps(part, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def verify(home: Path) -> tuple[int, list[str]]:
    """Check every bag and every station's chain; returns how many bags were sound, and what is wrong in words."""
    sound, faults = 0, []
    for park in sorted(p for p in home.iterdir() if p.is_dir()) if home.exists() else []:
        bags = {}
        for path in park.glob("*/*/bagit.txt"):
            folder = path.parent
            try:
                bag = bagit.Bag(str(folder))
                bag.validate()
                bags[int(bag.info["NQI-Sequence"])] = (folder, bag.info["NQI-Previous"])
                sound += 1
            except (bagit.BagError, bagit.BagValidationError, KeyError, ValueError, OSError) as error:
                faults.append(f"{folder}: {error}")
        previous = FIRST
        for sequence in range(1, max(bags, default=0) + 1):
            if sequence not in bags:
                faults.append(f"{park}: dossier {sequence} of the chain is missing or damaged")
                previous = ""
                continue
            folder, named = bags[sequence]
            if previous and named != previous:
                faults.append(f"{folder}: does not follow from dossier {sequence - 1}")
            previous = digest_of(folder)
    return sound, faults


def digest_of(folder: Path) -> str:
    """What a sealed bag is known by; empty if it is not there."""
    seal = folder / "tagmanifest-sha256.txt"
    return hashlib.sha256(seal.read_bytes()).hexdigest() if seal.exists() else ""
