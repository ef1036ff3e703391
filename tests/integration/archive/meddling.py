"""Somebody who changes, drops, swaps, adds and renumbers what the archive holds, in the database and on the shelf."""

import random
import shutil
from datetime import datetime, timedelta

import sqlalchemy as sa

from services.archive.bag import shelf
from services.archive.domain.proof import prove
from services.archive.store import Dossiers, Ledger

PASSING = (
    "look_at",
    "lacking",
    "checked_at",
    "flaws",
    "listed",
)  # when to look, and what was found


class Meddler:
    """Does one thing after the other to an archive, each taken back after it was looked at."""

    def __init__(self, archive, seed):
        self.archive, self.any = archive, random.Random(seed)

    def meddle(self):
        """Returns what was done, and what was found."""
        return self.any.choice([self._database, self._files])()

    def _database(self):
        with self.archive.engine.connect() as connection, connection.begin() as transaction:
            done = self.any.choice([self._change, self._change, self._drop, self._swap, self._renumber, self._add])(
                connection
            )
            found = self._prove(connection)
            transaction.rollback()
        return done, found

    def _files(self):
        home = self.archive.home / "archive"
        shutil.copytree(home, kept := self.archive.home / "kept")
        try:
            files = sorted(path for path in home.rglob("*") if path.is_file())
            done = self.any.choice([self._byte, self._byte, self._cut, self._gone, self._moved, self._more])(files)
            with self.archive.engine.connect() as connection:
                found = self._prove(connection)
        finally:
            shutil.rmtree(home)
            kept.rename(home)
        return done, found

    def _prove(self, connection):
        parts = Ledger(connection, lock=False), Dossiers(connection, lock=False)
        return prove(*parts, shelf(self.archive.home), self.archive.now).faults

    def _row(self, connection, table=None):
        table = table or self.any.choice(["ledger", "dossiers", "heads"])
        keys = {"ledger": ("park", "sequence"), "dossiers": ("item_id",), "heads": ("chain",)}[table]
        rows = connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY {', '.join(keys)}")).mappings().all()
        row = dict(self.any.choice(rows))
        return table, row, " AND ".join(f"{key} = :{key}" for key in keys)

    def _change(self, connection):
        table, row, where = self._row(connection)
        name = self.any.choice([n for n in row if row[n] not in (None, "") and n not in PASSING])
        new = self._other(row[name])
        return self._update(connection, table, where, row, **{name: new})

    def _other(self, value):
        match value:
            case str():
                place = self.any.randrange(len(value))
                return value[:place] + self.any.choice([c for c in "0a5Z" if c != value[place]]) + value[place + 1 :]
            case int():
                return value + 100
            case datetime():
                return value + timedelta(seconds=1)
        return "[]"

    def _update(self, connection, table, where, row, **new):
        setting = ", ".join(f"{name} = :new_{name}" for name in new)
        values = {**row, **{f"new_{name}": value for name, value in new.items()}}
        connection.execute(sa.text(f"UPDATE {table} SET {setting} WHERE {where}"), values)
        return f"{table} {row} became {new}"

    def _drop(self, connection):
        table, row, where = self._row(connection)
        connection.execute(sa.text(f"DELETE FROM {table} WHERE {where}"), row)
        return f"{table} {row} was dropped"

    def _swap(self, connection):
        """Two lines of one ledger change places."""
        first, second = self.any.sample(range(1, 9), 2)
        for old, new in ((first, -1), (second, first), (-1, second)):
            connection.execute(
                sa.text("UPDATE ledger SET sequence = :new WHERE park = 'tianan' AND sequence = :old"),
                {"new": new, "old": old},
            )
        return f"lines {first} and {second} were swapped"

    def _renumber(self, connection):
        _, row, where = self._row(connection, "ledger")
        return self._update(connection, "ledger", where, row, sequence=row["sequence"] + self.any.choice([40, 90]))

    def _add(self, connection):
        table, row, _ = self._row(connection, self.any.choice(["ledger", "dossiers"]))
        new = {"sequence": row["sequence"] + 60, "event_id": "new", "item_id": "new", "number": "new"}
        row |= {name: value for name, value in new.items() if name in row}
        row |= {name: "[]" for name, value in row.items() if isinstance(value, list)}
        values = ", ".join(f":{name}" for name in row)
        connection.execute(sa.text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"), row)
        return f"{table} {row} was added"

    def _byte(self, files):
        file = self.any.choice(files)
        content = bytearray(file.read_bytes())
        place = self.any.randrange(len(content))
        content[place] ^= 1 << self.any.randrange(8)
        file.write_bytes(content)
        return f"byte {place} of {file} was changed"

    def _cut(self, files):
        file = self.any.choice(files)
        file.write_bytes(file.read_bytes()[:-1])
        return f"{file} was cut"

    def _gone(self, files):
        place = self.any.choice([self.any.choice(files), self.any.choice(files).parent])
        shutil.rmtree(place) if place.is_dir() else place.unlink()
        return f"{place} was taken away"

    def _moved(self, files):
        bags = sorted({file for file in files if file.name == "bagit.txt"})
        bag = self.any.choice(bags).parent
        bag.rename(bag.with_name(f"{bag.name}9"))
        return f"{bag} got another number"

    def _more(self, files):
        new = self.any.choice(files).parent / self.any.choice(["more.txt", "more"])
        new.mkdir() if new.suffix == "" else new.write_text("x")
        return f"{new} was added"
