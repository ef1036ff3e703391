"""The four checks of a sealed dossier, at filing, on schedule and by `nqi verify`: authentic, whole, usable, safe.

A flaw is a sentence in English about the dossier, for operators: it goes to the ledger as it is.
"""

import hashlib
import json
from collections.abc import Callable, Iterator

from services.archive.domain.contents import PARTS
from services.archive.domain.dossiers import Dossier
from services.archive.domain.ledger import canonical, link

SEAL = "tagmanifest-sha256.txt"
TOGETHER = 500  # lines looked up at once
HARMLESS = (".json", ".txt")  # a dossier holds text alone, and nothing that could run
LARGEST = 64 * 1024 * 1024
Hashes = Callable[[list[int]], dict[int, str]]  # what the ledger says of these lines


def examine(files: dict[str, bytes], dossier: Dossier, hashes: Hashes) -> list[str]:
    """What is wrong with the dossier as it stands on the shelf; nothing, as a rule."""
    if not files:
        return ["is not on its shelf"]
    found = [*_authentic(files, dossier), *_whole(files)]
    if not found:
        found = [*_usable(files), *_safe(files)] or list(_borne_out(files, hashes))
    return found


def _authentic(files: dict[str, bytes], dossier: Dossier) -> Iterator[str]:
    """It is what was sealed, and says of itself what the register says."""
    if hashlib.sha256(files.get(SEAL, b"")).hexdigest() != dossier.digest:
        yield "is not what was sealed: its seal is another"
    info = dict(
        text.partition(": ")[::2] for text in files.get("bag-info.txt", b"").decode(errors="replace").splitlines()
    )
    named = {
        "External-Identifier": dossier.number, "NQI-Park": dossier.park, "NQI-Item": dossier.item_id,
        "NQI-Sequence": str(dossier.sequence), "NQI-Previous": dossier.previous,
    }  # fmt: skip
    if any(info.get(name) != value for name, value in named.items()):
        yield "is registered otherwise than it says of itself"
    elif info.get("NQI-File-Number", "") != dossier.file_number:
        yield "is registered under another file number than it bears"


def _whole(files: dict[str, bytes]) -> Iterator[str]:
    """The seal covers the manifests, the manifests cover the files, and there are no others."""
    listed = dict.fromkeys([SEAL], "")
    for manifest in (SEAL, "manifest-sha256.txt"):
        for text in files.get(manifest, b"").decode(errors="replace").splitlines():
            digest, _, name = text.partition("  ")
            listed[name] = digest
    for name in sorted({*listed, *files}):
        if name not in files:
            yield f"lacks {name}"
        elif name not in listed:
            yield f"holds {name}, which was not sealed with it"
        elif listed[name] and hashlib.sha256(files[name]).hexdigest() != listed[name]:
            yield f"is not what was sealed: {name} was changed"


def _usable(files: dict[str, bytes]) -> Iterator[str]:
    """Every part is there and can be read."""
    for name in (*PARTS, "ledger"):
        try:
            json.loads(files[f"data/{name}.json"])
        except (KeyError, ValueError):
            yield f"has no readable {name}"


def _safe(files: dict[str, bytes]) -> Iterator[str]:
    for name, content in sorted(files.items()):
        if not name.endswith(HARMLESS) or len(content) > LARGEST or b"\x00" in content:
            yield f"holds {name}, which is no plain text"


def _borne_out(files: dict[str, bytes], hashes: Hashes) -> Iterator[str]:
    """Its lines are the ledger's."""
    try:
        lines = {int(one["sequence"]): one for one in json.loads(files["data/ledger.json"])}
        made = {n: link(one["previous"], n, one["key"], canonical(one["body"])) for n, one in lines.items()}
    except (KeyError, TypeError, ValueError):
        yield "holds lines of the ledger that cannot be read"
        return
    sequences = sorted(made)
    for start in range(0, len(sequences), TOGETHER):
        some = sequences[start : start + TOGETHER]
        written = hashes(some)
        for sequence in some:
            if not made[sequence] == lines[sequence]["hash"] == written.get(sequence):
                yield f"holds line {sequence} otherwise than the ledger does"
                return
