"""Password hashes: Argon2id, with the library's cost."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()

LONGEST = 200  # characters


def hashed(password: str) -> str:
    return _hasher.hash(password)


def fits(password: str, password_hash: str | None) -> bool:
    """Takes the same time whether there is a hash to compare with or not."""
    try:
        return _hasher.verify(password_hash or _nobodys(_hasher), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache  # Made at the first use: a hash takes a tenth of a second, and most programs compare none.
def _nobodys(hasher: PasswordHasher) -> str:
    """What a password is compared with when there is no such account, so that this takes as long."""
    return hasher.hash("nobody")
