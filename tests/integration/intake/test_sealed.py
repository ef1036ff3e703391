"""What is personal does not lie open in the database."""

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from services.intake.store.sealed import Cipher
from tests.integration.intake.conftest import uow_of
from tests.integration.intake.test_store import letter, request, taken

SECRETS = ("王工", "13900000000", "wang@client.example", "123456", "李工", "li@client.example", "想制定", "您好")


def test_contacts_mails_and_letters_are_sealed_at_rest(engine):
    with uow_of(engine) as uow:
        uow.requests.add(request(reference="", company="c", occasion=None))
        uow.mails.add(taken())
        uow.letters.add(letter())
        uow.commit()
    with engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        rows = [row for table in tables for row in connection.execute(sa.text(f"SELECT * FROM {table}"))]
    whole = b"".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for row in rows for v in row)
    for secret in SECRETS:
        assert secret.encode() not in whole
        assert secret.encode("unicode_escape") not in whole


def test_a_sealed_value_opens_only_for_its_own_row_and_key():
    cipher = Cipher(b"k" * 32)
    sealed = cipher.seal({"name": "王工"}, "r1")
    assert cipher.open(sealed, "r1") == {"name": "王工"}
    assert sealed != cipher.seal({"name": "王工"}, "r1")
    for other, row in ((cipher, "r2"), (Cipher(b"x" * 32), "r1")):
        with pytest.raises(InvalidTag):
            other.open(sealed, row)


def test_a_mark_is_the_same_for_the_same_and_tells_nothing_without_the_key():
    one = Cipher(b"k" * 32)
    assert one.mark("li@client.example") == Cipher(b"k" * 32).mark("li@client.example")
    assert one.mark("li@client.example") != Cipher(b"x" * 32).mark("li@client.example")
