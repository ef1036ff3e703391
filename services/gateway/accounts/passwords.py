"""Password hashes: Argon2id, with the library's cost."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# What a password is compared with when there is no such account, so that this takes as long.
_NOBODY = _hasher.hash("nobody")

LONGEST = 200  # characters


def hashed(password: str) -> str:
    return _hasher.hash(password)


def fits(password: str, password_hash: str | None) -> bool:
    """Takes the same time whether there is a hash to compare with or not."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
