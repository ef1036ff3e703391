"""Files: claimed once, by who may, within limits; opened by who may read the request; swept when nobody claims them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.intake.handlers import files, requests
from shared.access import Actor, Role
from shared.contracts.intake import AddAttachments, GetFile, ListFiles, RegisterFile, SubmitNeed
from shared.errors import Forbidden, Invalid, NotFound
from tests.system import PUBLIC, STAFF
from tests.unit.intake.fakes import FakeIntake

NEED = SubmitNeed(park="tianan", text="压力表要检定", company="示例企业")
ELSEWHERE = Actor(id="li", role=Role.STAFF, parks=("juda",))
STRANGER = Actor(id="c", role=Role.CLIENT, requests=("another",))


@pytest.fixture
def work() -> FakeIntake:
    return FakeIntake(actor=PUBLIC)


def upload(work: FakeIntake, content: str = "a", size: int = 1000) -> str:
    command = RegisterFile(sha256=content * 64, name="铭牌.jpg", content_type="image/jpeg", size=size)
    return files.register_file(command, work).file_id


def state(work: FakeIntake, *wanted: str) -> str:
    return requests.submit_need(replace(NEED, files=wanted), work).request_id


def test_a_need_claims_the_files_it_names_and_says_so_by_hash_only(work):
    one, two = upload(work), upload(work, "b")
    request_id = state(work, two, one)
    events = [event for event, _ in work.said if event.type() == "attachment_added"]
    assert [event.file_id for event in events] == [two, one]
    assert (events[1].sha256, events[1].request_id, events[1].brought_by) == ("a" * 64, request_id, "client")
    work.actor = STAFF
    assert [file.name for file in files.list_files(ListFiles(request_id=request_id), work).files] == ["铭牌.jpg"] * 2


def test_a_file_belongs_to_one_request_only(work):
    one = upload(work)
    state(work, one)
    for wanted in ([one], ["nowhere"], [upload(work)] * 2):
        with pytest.raises(Invalid) as refused:
            state(work, *wanted)
        assert set(refused.value.fields) == {"files"}
    assert len(work.kept["requests"]) == 1


def test_too_many_and_too_much_are_refused(work):
    with pytest.raises(Invalid):
        upload(work, size=2 * 1024 * 1024)
    with pytest.raises(Invalid):
        state(work, *(upload(work) for _ in range(21)))
    with pytest.raises(Invalid):
        state(work, *(upload(work, size=900_000) for _ in range(3)))


def test_the_client_and_staff_of_the_park_add_more_later_and_nobody_else(work):
    request_id = state(work, upload(work))
    for actor in (PUBLIC, STRANGER, ELSEWHERE):
        one = upload(work)
        work.actor = actor
        with pytest.raises(Forbidden):
            files.add_attachments(AddAttachments(request_id=request_id, files=(one,)), work)
        work.actor = PUBLIC
    owner = Actor(id="c", role=Role.CLIENT, requests=(request_id,))
    for count, actor in enumerate((owner, STAFF), 2):
        one = upload(work)
        work.actor = actor
        added = files.add_attachments(AddAttachments(request_id=request_id, files=(one,)), work)
        assert len(added.files) == count
        work.actor = PUBLIC
    work.actor = owner
    with pytest.raises(Invalid):
        files.add_attachments(AddAttachments(request_id=request_id, files=()), work)


def test_a_file_opens_for_who_may_read_its_request_and_never_before_it_has_one(work):
    one = upload(work)
    work.actor = STAFF
    with pytest.raises(NotFound):
        files.get_file(GetFile(file_id=one), work)
    work.actor = PUBLIC
    request_id = state(work, one)
    for actor in (PUBLIC, STRANGER, ELSEWHERE):
        work.actor = actor
        with pytest.raises(Forbidden):
            files.get_file(GetFile(file_id=one), work)
        with pytest.raises(Forbidden):
            files.list_files(ListFiles(request_id=request_id), work)
    for actor in (STAFF, Actor(id="c", role=Role.CLIENT, requests=(request_id,))):
        work.actor = actor
        assert files.get_file(GetFile(file_id=one), work).sha256 == "a" * 64


def test_what_nobody_claims_is_forgotten_after_a_day(work):
    claimed, left = upload(work), upload(work, "b")
    state(work, claimed)
    work.now += timedelta(hours=23)
    assert files.sweep(work) == 0
    work.now += timedelta(hours=2)
    assert files.sweep(work) == 1
    with pytest.raises(Invalid):
        state(work, left)


class Old:
    """A file store in which everything is old."""

    def __init__(self, *hashes: str) -> None:
        self.hashes = list(hashes)

    def older_than(self, moment: datetime) -> Iterator[str]:
        return iter(list(self.hashes))

    def forget(self, sha256: str, before: datetime) -> bool:
        self.hashes.remove(sha256)
        return True


def test_contents_that_no_file_has_leave_the_store(work):
    state(work, upload(work, "a"))
    shelf = Old("a" * 64, *(f"{n:064x}" for n in range(500)))
    assert files.sweep_shelf(work, shelf, work.now) == 500
    assert shelf.hashes == ["a" * 64]
