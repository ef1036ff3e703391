import pytest

from services.intake.domain import BY_STAFF, SELF_SERVICE, check_need, number
from shared.access import Actor, Role
from shared.contracts.intake import SubmitNeed
from shared.errors import Forbidden, Invalid
from tests.system import PUBLIC, STAFF

NEED = {"park": "tianan", "text": "压力表要检定", "company": "示例企业"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"), ({"text": " \n"}, "text"), ({"text": "字" * 5001}, "text"),
        ({"company": " "}, "company"),
        ({"company": "字" * 201}, "company"), ({"phone": "x"}, "phone"), ({"phone": "123"}, "phone"),
        ({"phone": "1" * 40}, "phone"), ({"email": "nobody"}, "email"), ({"email": "a b@c"}, "email"),
        ({"channel": "pigeon"}, "channel"), ({"category": "Big Cat"}, "category"), ({"item": "x"}, "item"),
        ({"details": {str(n): n for n in range(101)}}, "details"), ({"contact_name": "字" * 201}, "contact_name"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_field(change, field):
    with pytest.raises(Invalid) as refused:
        check_need(SubmitNeed(**{**NEED, **change}), STAFF)
    assert set(refused.value.fields) == {field}


def test_everything_wrong_is_said_at_once():
    with pytest.raises(Invalid) as refused:
        check_need(SubmitNeed(park="p", text="", company="", phone="x"), PUBLIC)
    assert set(refused.value.fields) == {"text", "company", "phone"}


@pytest.mark.parametrize(
    "given", [{"phone": "13900000000"}, {"phone": "020-00000001"}, {"phone": "+86 139 0000 0000"}, {"email": "a@b.cn"}]
)
def test_ordinary_contacts_are_taken(given):
    check_need(SubmitNeed(**NEED, **given), PUBLIC)


@pytest.mark.clause("6.2.a", "6.2.b")
@pytest.mark.parametrize("channel", SELF_SERVICE + BY_STAFF)
def test_only_staff_write_down_what_reaches_them_by_voice_or_paper(channel):
    need = SubmitNeed(**NEED, channel=channel)
    check_need(need, STAFF)
    for actor in (PUBLIC, Actor(id="c", role=Role.CLIENT), Actor(id="r", role=Role.REGULATOR)):
        if channel in SELF_SERVICE:
            check_need(need, actor)
        else:
            with pytest.raises(Forbidden):
                check_need(need, actor)


def test_numbers_read_as_people_say_them():
    assert number("天安", 2026, 128) == "天安2026-0128"
    assert number("天安", 2026, 12345) == "天安2026-12345"
