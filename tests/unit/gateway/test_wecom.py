"""WeCom's envelope, against the examples that WeCom publishes, and against what is not WeCom's."""

import base64
import struct

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.errors import Garbled
from services.gateway.wecom.envelope import Envelope
from shared.errors import Forbidden, ServiceError

# WeCom's own example: token, EncodingAESKey, corporation, an address verified, a message received
PUBLISHED = Envelope.of("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
SEALED = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3"
    "TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gs"
    "ijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
    "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG"
    "HBZZIs2pDBS8R07+qN+E7Q=="
)


def test_the_published_examples_are_opened():
    echo = PUBLISHED.open("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780", ECHO)
    assert echo == b"1616140317555161061"
    message = PUBLISHED.open("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149", SEALED)
    assert b"<FromUserName><![CDATA[mycreate]]></FromUserName>" in message
    assert b"<Content><![CDATA[hello]]></Content>" in message


def opened(text, envelope=PUBLISHED, **changed):
    given = {"signature": PUBLISHED.signature("1", "2", text), "timestamp": "1", "nonce": "2", "sealed": text}
    return envelope.open(**{**given, **changed})


@given(st.binary(max_size=400))
def test_what_is_sealed_is_opened(message):
    assert opened(PUBLISHED.seal(message)) == message


@pytest.mark.parametrize(
    "changed", [{"signature": "0" * 40}, {"signature": "签名"}, {"timestamp": "9"}, {"nonce": "9"}, {"sealed": ECHO}]
)
def test_what_is_not_signed_for_us_is_refused(changed):
    with pytest.raises(Forbidden):
        opened(PUBLISHED.seal(b"x"), **changed)


def test_what_is_sealed_for_another_corporation_is_refused():
    other = Envelope(PUBLISHED.token, PUBLISHED.key, "wwother")
    with pytest.raises(Forbidden):
        opened(other.seal(b"x"))


def hidden(plain):
    hiding = Cipher(algorithms.AES(PUBLISHED.key), modes.CBC(PUBLISHED.key[:16])).encryptor()
    return base64.b64encode(hiding.update(plain) + hiding.finalize()).decode()


@pytest.mark.parametrize(
    "sealed",
    [
        "", "not base64!", base64.b64encode(b"x" * 15).decode(), hidden(b"\0" * 32), hidden(b"\x21" * 64),
        hidden(b"x" * 31 + b"\x02"), hidden(b"r" * 16 + struct.pack(">I", 10_000) + b"y" * 11 + b"\x01"),
        hidden(b"\x20" * 32), hidden(b"r" * 12 + b"\x14" * 20),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_however_it_is_signed(sealed):
    with pytest.raises(Garbled):
        opened(sealed)


@given(st.binary(max_size=96).map(lambda b: base64.b64encode(b).decode()))
def test_no_nonsense_breaks_it(sealed):
    with pytest.raises(ServiceError):
        opened(sealed)
