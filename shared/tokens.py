"""Proof of who acts (for commands and queries) and of who said it (for events): signed, bounded in time."""

import hashlib
import time
from functools import lru_cache
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from shared.access import Actor
from shared.errors import Unproven

ACTOR_SECONDS = 120
SEAL_SECONDS = 30 * 86400  # an event may wait long in a queue or on the parking queue
LEEWAY_SECONDS = 10


@lru_cache
def _jwk(key: bytes) -> OctKey:
    return OctKey.import_key(key)


def _sign(claims: dict[str, Any], key: bytes) -> str:
    return jwt.encode({"alg": "HS256"}, claims, _jwk(key))


def _read(token: str, key: bytes, use: str, expired_too: bool = False) -> dict[str, Any]:
    try:
        claims = jwt.decode(token, _jwk(key), algorithms=["HS256"]).claims
    except (JoseError, ValueError, UnicodeError) as error:
        raise Unproven("身份凭证不对") from error
    if claims.get("use") != use:
        raise Unproven("身份凭证不对")
    expires = claims.get("exp")
    if not isinstance(expires, int) or (over(expires) and not expired_too):
        raise Unproven("身份凭证已过期")
    return claims


def over(expires: int) -> bool:
    """Whether a token that expires then is of no use now, with some leeway for clocks that differ."""
    return expires + LEEWAY_SECONDS < time.time()


def actor_token(actor: Actor, key: bytes, seconds: int = ACTOR_SECONDS) -> str:
    """A token that lets a service act for `actor` for `seconds`."""
    return _sign(
        {
            "use": "actor", "exp": int(time.time()) + seconds, "sub": actor.id, "role": actor.role,
            "name": actor.name, "parks": list(actor.parks), "requests": list(actor.requests),
            "organization": actor.organization,
            "client": actor.client,
        },
        key,
    )  # fmt: skip


def read_actor(token: str, key: bytes) -> tuple[Actor, int]:
    """The actor and the second the token expires; raises Unproven."""
    claims = _read(token, key, "actor")
    actor = Actor(
        id=claims["sub"], role=claims["role"], name=claims["name"],
        parks=tuple(claims["parks"]), requests=tuple(claims["requests"]),
        organization=str(claims.get("organization", "")),
        client=claims.get("client", ""),
    )  # fmt: skip
    return actor, claims["exp"]


def seal(event_id: str, body: bytes, key: bytes) -> str:
    """Binds an event's id to its body, so that neither can be made up nor changed."""
    return _sign(
        {
            "use": "event",
            "exp": int(time.time()) + SEAL_SECONDS,
            "jti": event_id,
            "sha256": hashlib.sha256(body).hexdigest(),
        },
        key,
    )


def check_seal(token: str, event_id: str, body: bytes, key: bytes, expired_too: bool = False) -> None:
    """Raises Unproven unless `token` seals just this event."""
    claims = _read(token, key, "event", expired_too)
    if claims.get("jti") != event_id or claims.get("sha256") != hashlib.sha256(body).hexdigest():
        raise Unproven("身份凭证不对")
