"""WeCom's envelope (企业微信): SHA-1 over the sorted parts proves the sender, AES-256-CBC hides the message.

The key is EncodingAESKey, 43 characters of base64; its first 16 bytes are the initialization vector. The plain text is
16 random bytes, four bytes with the message's length, the message, and who it is for; padded to 32 bytes by PKCS#7.
"""

import base64
import binascii
import hashlib
import hmac
import os
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from services.gateway.errors import Garbled
from shared.errors import Forbidden

RANDOM, LENGTH, BLOCK = 16, 4, 32  # bytes
_NOT_OURS = "这条消息不是发给我们的"
_NOT_READABLE = "看不懂这条消息"


@dataclass(frozen=True)
class Envelope:
    """Opens and makes envelopes of one application; `receiver` is the corporation's id."""

    token: str
    key: bytes
    receiver: str

    @classmethod
    def of(cls, token: str, encoding_aes_key: str, receiver: str) -> "Envelope":
        return cls(token, base64.b64decode(encoding_aes_key + "="), receiver)

    def signature(self, timestamp: str, nonce: str, sealed: str) -> str:
        parts = sorted([self.token, timestamp, nonce, sealed])
        return hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()

    def open(self, signature: str, timestamp: str, nonce: str, sealed: str) -> bytes:
        """The message; raises Forbidden unless WeCom sealed it for us, Garbled if it cannot be read."""
        wanted = self.signature(timestamp, nonce, sealed)
        if not hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace")):
            raise Forbidden(_NOT_OURS)
        return self.unsealed(sealed)

    def unsealed(self, sealed: str) -> bytes:
        """The message of an envelope whose sender was proven before; raises Forbidden or Garbled."""
        try:
            hidden = base64.b64decode(sealed, validate=True)
            plain = self._cipher().decryptor()
            padded = plain.update(hidden) + plain.finalize()
            message, receiver = _parted(padded)
        except (binascii.Error, ValueError, struct.error, IndexError) as error:
            raise Garbled(_NOT_READABLE) from error
        if receiver != self.receiver.encode():
            raise Forbidden(_NOT_OURS)
        return message

    def seal(self, message: bytes) -> str:
        plain = os.urandom(RANDOM) + struct.pack(">I", len(message)) + message + self.receiver.encode()
        padding = BLOCK - len(plain) % BLOCK
        hiding = self._cipher().encryptor()
        hidden = hiding.update(plain + bytes([padding]) * padding) + hiding.finalize()
        return base64.b64encode(hidden).decode()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self.key), modes.CBC(self.key[:16]))


def _parted(padded: bytes) -> tuple[bytes, bytes]:
    """The message and its receiver; raises ValueError for what was not padded and measured as agreed."""
    padding = padded[-1]
    if not 1 <= padding <= BLOCK or padded[-padding:] != bytes([padding]) * padding:
        raise ValueError("padding")
    plain = padded[:-padding]
    (length,) = struct.unpack(">I", plain[RANDOM : RANDOM + LENGTH])
    begin = RANDOM + LENGTH
    if begin + length > len(plain):
        raise ValueError("length")
    return plain[begin : begin + length], plain[begin + length :]
