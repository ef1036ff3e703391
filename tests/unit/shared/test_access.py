import pytest

from shared.access import EVERYWHERE, RULES, Actor, Role, check, parks_of, system
from shared.errors import Forbidden


def allowed(actor: Actor, action: str, **where: str) -> bool:
    try:
        check(actor, action, **where)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("action", RULES)
@pytest.mark.parametrize("role", Role)
def test_the_table_alone_decides(action, role):
    nobody = Actor(id="x", role=role)
    everywhere = Actor(id="x", role=role, parks=(EVERYWHERE,), requests=("r1",), organization="O1")
    where = {"park": "p", "request_id": "r1", "organization": "O1"}
    if role not in RULES[action]:
        assert not allowed(everywhere, action, **where)
    else:
        assert allowed(everywhere, action, **where)
        if RULES[action][role] != "any":
            assert not allowed(nobody, action, **where)


def test_a_park_is_not_another_park_a_request_not_another_request_and_no_organization_another():
    staff = Actor(id="s", role=Role.STAFF, parks=("a", "b"))
    client = Actor(id="c", role=Role.CLIENT, requests=("r1",))
    organization = Actor(id="o", role=Role.ORGANIZATION, organization="O1", parks=("a",))
    assert [allowed(staff, "handle_item", park=p) for p in ("a", "b", "c", "")] == [True, True, False, False]
    assert [allowed(client, "read_request", park="a", request_id=r) for r in ("r1", "r2", "")] == [True, False, False]
    may = [allowed(organization, "answer_offer", park="a", organization=o) for o in ("O1", "O2", "")]
    assert may == [True, False, False]


def test_the_public_may_state_needs_and_little_else():
    public = Actor(id="public", role=Role.PUBLIC, parks=(EVERYWHERE,), requests=("r1",))
    may = {action for action in RULES if allowed(public, action, park="p", request_id="r1")}
    proven = {"open_with_code", "answer_survey"}
    assert may == {"submit_need", "suggest_category", "read_station", "list_standings", "complain"} | proven


def test_lists_are_bounded_by_parks():
    assert parks_of(Actor(id="a", role=Role.ADMIN), "list_items") == (EVERYWHERE,)
    assert parks_of(Actor(id="s", role=Role.STAFF, parks=("a",)), "list_items") == ("a",)
    for actor in (Actor(id="s", role=Role.STAFF), Actor(id="c", role=Role.CLIENT), system("dispatch")):
        with pytest.raises(Forbidden):
            parks_of(actor, "list_items")
