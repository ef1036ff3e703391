"""Proves that ledger, register and sealed dossiers are what was written, and that each bears out the others.

The ledger's chain covers every line. Its lines name each dossier that was due and each that was sealed, with its
digest; the digest covers the dossier's files; and they hold the ledger's lines again. So whatever is changed, taken
away, added or given another number contradicts something else.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.archive.domain.checks import examine
from services.archive.domain.dossiers import Dossier, Dossiers, Shelf
from services.archive.domain.ledger import FIRST, NEVER, Broken, Chain, Head, Ledger, Line
from shared.contracts.archive import DossierSealed
from shared.contracts.dispatch import ItemClosed

SEALING = ("number", "sequence", "digest", "previous", "file_number")
PATIENCE = timedelta(hours=1)  # after which an event that a closed item named has gone missing


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that is not as it was written. `place`: a line's or a dossier's number, or a path."""

    park: str
    place: str
    why: str

    def __str__(self) -> str:
        return f"{self.park or 'the district'}: {self.place} {self.why}"


@dataclass(kw_only=True)
class Proof:
    """What was found; `broken` holds the first broken line of each station's ledger."""

    lines: int = 0
    registered: int = 0
    sound: int = 0
    broken: dict[str, Broken] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, park: str, place: str, why: str) -> None:
        self.faults.append(Fault(park=park, place=place, why=why))


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the ledger says became of one item."""

    closed: dict[str, object] | None = None
    sealed: dict[str, object] | None = None
    sealed_at: datetime = NEVER


def prove(ledger: Ledger, dossiers: Dossiers, shelf: Shelf, now: datetime) -> Proof:
    """Look at everything. What is sealed meanwhile is no fault."""
    proof = Proof()
    places = shelf.places()  # before the register is read, lest a dossier filed meanwhile seem to be nobody's
    register = {dossier.item_id: dossier for dossier in dossiers.walk()}
    parks = sorted({*ledger.parks(), *(dossier.park for dossier in register.values())})
    heads = ledger.heads(parks)
    for park in parks:
        said = _ledger(proof, ledger, park, heads[park])
        _register(proof, said, park, register)
        of_park = [dossier for dossier in register.values() if dossier.park == park]
        _chain(proof, park, of_park, dossiers.head(park))
        for dossier in of_park:
            if dossier.sealed_at is not None:
                _dossier(proof, ledger, shelf, dossier)
            elif dossier.closed_at < now - PATIENCE and (
                gone := dossier.missing(ledger.of_request(dossier.request_id))
            ):
                proof.add(park, dossier.number, f"waits for events that have not come: {', '.join(gone)}")
    _strangers(proof, places, register)
    return proof


def _ledger(proof: Proof, ledger: Ledger, park: str, head: Head) -> dict[str, Said]:
    """Follow the chain; returns what it says of each item that was closed or sealed."""
    chain, said = Chain(), dict[str, Said]()
    for line in chain.follow(ledger.walk(park)):
        if line.key in (ItemClosed.key(), DossierSealed.key()):
            before = said.get(line.item_id, Said())
            body = _body(line)
            said[line.item_id] = (
                Said(closed=body, sealed=before.sealed, sealed_at=before.sealed_at)
                if line.key == ItemClosed.key()
                else Said(closed=before.closed, sealed=body, sealed_at=line.occurred_at)
            )
    proof.lines += chain.count
    if broken := chain.end(head):
        proof.broken[park] = broken
        proof.add(park, f"line {broken.sequence} of the ledger", broken.why)
    return said


def _body(line: Line) -> dict[str, object]:
    try:
        return dict(json.loads(line.body))
    except (TypeError, ValueError):
        return {}  # the chain says so already


def _register(proof: Proof, said: dict[str, Said], park: str, register: dict[str, Dossier]) -> None:
    """What the ledger says was closed and sealed is in the register, as it says, and nothing else is."""
    for item_id, told in said.items():
        dossier = register.get(item_id)
        if dossier is None or dossier.park != park:
            proof.add(park, str((told.closed or told.sealed or {}).get("number", item_id)), "is not in the register")
            continue
        if told.closed and not _as_closed(dossier, told.closed):
            proof.add(park, dossier.number, "is registered otherwise than its item was closed")
        if told.sealed:
            sealing = {name: getattr(dossier, name) for name in SEALING}
            same = all(told.sealed.get(name, "") == value for name, value in sealing.items())
            if not same or dossier.sealed_at != told.sealed_at:
                proof.add(park, dossier.number, "is registered otherwise than it was sealed")
    for dossier in register.values():
        if dossier.park == park and not (said.get(dossier.item_id) or Said()).closed:
            proof.add(park, dossier.number, "is registered, but no item was closed for it")


def _as_closed(dossier: Dossier, said: dict[str, object]) -> bool:
    same = all(said.get(name) == getattr(dossier, name) for name in ("park", "request_id", "number", "evidence"))
    return same and datetime.fromisoformat(str(said["occurred_at"])) == dossier.closed_at


def _chain(proof: Proof, park: str, dossiers: list[Dossier], head: Head) -> None:
    """The station's sealed dossiers follow from each other to where they end, and their numbers have no gaps."""
    end, filed = Head(), dict[str, int]()
    for dossier in sorted((d for d in dossiers if d.sealed_at is not None), key=lambda d: d.sequence):
        if dossier.sequence != end.sequence + 1:
            proof.add(park, f"dossier {end.sequence + 1} of the chain", "is missing, or there twice")
            return
        if dossier.previous != end.hash:
            proof.add(park, dossier.number, f"does not follow from dossier {end.sequence or FIRST[:1]} of the chain")
            return
        count = filed.get(series := dossier.file_number.rpartition("-")[0], 0) + 1
        if series and dossier.file_number != f"{series}-{count:04d}":
            proof.add(park, dossier.number, f"is filed as {dossier.file_number}, and there is no {series}-{count:04d}")
        filed[series] = count
        end = Head(sequence=dossier.sequence, hash=dossier.digest)
        year, base = series[-4:], dossier.sequence - count
        end = replace(end, year=int(year) if year.isdecimal() else 0, base=base if series else 0)
    if end != head:
        proof.add(park, f"dossier {max(end.sequence, head.sequence)} of the chain", "is not where the chain was left")


def _dossier(proof: Proof, ledger: Ledger, shelf: Shelf, dossier: Dossier) -> None:
    files = shelf.read(dossier.path)
    flaws = examine(files, dossier, lambda sequences: ledger.hashes(dossier.park, sequences))
    for flaw in flaws:
        proof.add(dossier.park, dossier.number, flaw)
    proof.registered += 1
    proof.sound += not flaws


def _strangers(proof: Proof, places: list[str], register: dict[str, Dossier]) -> None:
    """What stands on the shelf without being registered, but for what an interrupted attempt at a due one left."""
    known = {dossier.path for dossier in register.values() if dossier.sealed_at is not None}
    due = {(dossier.park, dossier.number) for dossier in register.values() if dossier.sealed_at is None}
    for path in places:
        park, _, rest = path.partition("/")
        if path not in known and (park, rest.rpartition("/")[2]) not in due:
            proof.add(park, path, "stands on the shelf and is not registered")
