import pytest

from services.intake.domain.parks import number
from services.intake.domain.requests import check_need
from shared.contracts.intake import SubmitNeed
from shared.errors import Invalid
from tests.builders import NOON
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
        ({"reference": "x" * 501}, "reference"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_field(change, field):
    with pytest.raises(Invalid) as refused:
        check_need(SubmitNeed(**{**NEED, **change}), STAFF, NOON)
    assert set(refused.value.fields) == {field}


def test_everything_wrong_is_said_at_once():
    with pytest.raises(Invalid) as refused:
        check_need(SubmitNeed(park="p", text="", company="", phone="x"), PUBLIC, NOON)
    assert set(refused.value.fields) == {"text", "company", "phone"}


@pytest.mark.parametrize(
    "given", [{"phone": "13900000000"}, {"phone": "020-00000001"}, {"phone": "+86 139 0000 0000"}, {"email": "a@b.cn"}]
)
def test_ordinary_contacts_are_taken(given):
    check_need(SubmitNeed(**NEED, **given), PUBLIC, NOON)


def test_numbers_read_as_people_say_them():
    assert number("天安", 2026, 128) == "天安2026-0128"
    assert number("天安", 2026, 12345) == "天安2026-12345"
