"""What colleagues say among themselves never reaches a client."""

import pytest

from services.archive.domain.ledger import private_keys
from shared.contracts.dispatch import ContactLogged, HandOverAccepted, HandOverDeclined, HandOverOffered, ItemLinked


@pytest.mark.parametrize("kind", [ContactLogged, HandOverOffered, HandOverDeclined, ItemLinked])
def test_affairs_of_colleagues_are_private(kind):
    assert kind.key() in private_keys()


def test_what_concerns_the_client_is_not():
    assert HandOverAccepted.key() not in private_keys()
    assert "intake.request_received" not in private_keys()
