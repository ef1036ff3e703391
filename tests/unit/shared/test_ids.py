import time
import uuid

from shared.ids import new_id


def test_ids_are_uuid_version_7_and_sort_by_time():
    first = new_id()
    time.sleep(0.002)
    second = new_id()
    assert uuid.UUID(first).version == 7
    assert uuid.UUID(first).variant == uuid.RFC_4122
    assert first < second


def test_ids_do_not_repeat():
    assert len({new_id() for _ in range(10_000)}) == 10_000
