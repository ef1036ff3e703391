import pytest

from shared import tokens
from shared.access import Actor, Role
from shared.errors import Unproven

KEY, OTHER = b"k" * 32, b"o" * 32
ACTOR = Actor(id="chen", role=Role.STAFF, name="陈专员", parks=("tianan",), requests=("r1",))


def test_an_actor_survives_its_token():
    assert tokens.read_actor(tokens.actor_token(ACTOR, KEY), KEY)[0] == ACTOR


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.ü.ö", "a" * 5000])
def test_nonsense_is_no_token(token):
    with pytest.raises(Unproven):
        tokens.read_actor(token, KEY)


def test_another_key_another_use_and_an_expired_one_are_refused():
    for wrong in (
        tokens.actor_token(ACTOR, OTHER),
        tokens.seal("e", b"x", KEY),
        tokens.actor_token(ACTOR, KEY, seconds=-tokens.LEEWAY_SECONDS - 2),
    ):
        with pytest.raises(Unproven):
            tokens.read_actor(wrong, KEY)


def test_a_changed_token_is_refused():
    head, claims, signature = tokens.actor_token(ACTOR, KEY).split(".")
    forged = tokens.actor_token(Actor(id="chen", role=Role.ADMIN), KEY).split(".")[1]
    for parts in ((head, forged, signature), (head, claims, signature[:-2] + "AA"), (head, claims, "")):
        with pytest.raises(Unproven):
            tokens.read_actor(".".join(parts), KEY)


def test_an_unsigned_token_is_refused():
    none = "eyJhbGciOiJub25lIn0." + tokens.actor_token(ACTOR, KEY).split(".")[1] + "."
    with pytest.raises(Unproven):
        tokens.read_actor(none, KEY)


def test_a_seal_binds_an_id_to_a_body():
    seal = tokens.seal("e1", b"body", KEY)
    tokens.check_seal(seal, "e1", b"body", KEY)
    for event_id, body in (("e2", b"body"), ("e1", b"Body")):
        with pytest.raises(Unproven):
            tokens.check_seal(seal, event_id, body, KEY)
    with pytest.raises(Unproven):
        tokens.check_seal(tokens.actor_token(ACTOR, KEY), "e1", b"body", KEY)
