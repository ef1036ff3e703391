"""Identifiers: UUID version 7, so that rows sort by the moment they were made (RFC 9562)."""

import secrets
import time
import uuid


def new_id() -> str:
    """A new UUIDv7 in its usual text form."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
