"""Instant messages in SQLite and PostgreSQL: what is kept, what is sealed, and that nobody is handled twice at once."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.intake import store
from services.intake.domain.chats import Chat, Fate, Manners, Reply
from services.intake.domain.sending import Way
from services.intake.handlers import chats
from shared.contracts.intake import TakeChat
from shared.store import Cause
from tests.builders import NOON
from tests.unit.intake.test_chats import HELLO, WECOM


@pytest.fixture
def engine(database_url, tmp_path):
    engine = sa.create_engine(database_url or f"sqlite:///{tmp_path}/intake.sqlite3", poolclass=sa.NullPool)
    if not database_url:

        @sa.event.listens_for(engine, "connect")
        def _set_up(connection, _):
            connection.isolation_level = None
            connection.execute("PRAGMA busy_timeout=5000")

        @sa.event.listens_for(engine, "begin")
        def _begin(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    store.metadata.create_all(engine)
    yield engine
    engine.dispose()


class Work(store.UnitOfWork):
    """With manners of the test's own."""

    def open(self, connection):
        super().open(connection)
        self.manners = Manners(park="tianan", ask=timedelta(minutes=10), follow=timedelta(hours=4))


@pytest.fixture
def work(engine):
    def work():
        return Work(engine, Cause(kind="clock", actor=WECOM))

    with work() as uow:
        uow.parks.put("tianan", "天安")
        uow.commit()
    return work


def say(work, text, number, user="wang"):
    return chats.take_chat(TakeChat(message_id=f"wecom:{number}", sender=user, kind="text", text=text), work())


def test_what_is_kept_comes_back_as_it_was(work):
    chat = Chat(message_id="m1", person="p1", kind="text", text="查标准", arrived_at=NOON)
    reply = Reply(
        reply_id="r1", fact="f1", person="p1", user="wang", text="已收到", written_at=NOON, due_at=NOON, request_id="q1"
    )
    with work() as uow:
        person = uow.chats.person("wang")
        person.park, person.company, person.name, person.asked_at = "tianan", "示例企业", "王工", NOON
        uow.chats.put_person(person)
        uow.chats.add(chat)
        assert uow.chats.add_reply(reply)
        assert not uow.chats.add_reply(replace(reply, reply_id="r2"))
        uow.commit()
    with work() as uow:
        assert uow.chats.person("wang") == person
        assert uow.chats.person("lin").key != person.key
        assert uow.chats.get("m1") == chat
        assert uow.chats.get("m2") is None
        assert uow.chats.replies_of("q1") == [reply]
        assert uow.chats.due(NOON - timedelta(seconds=1)) is None
        due = uow.chats.due(NOON)
        assert due == reply
        due.take(NOON)
        uow.chats.put_reply(due)
        chat.becomes(Fate.NEED, "q1", "天安2026-0001")
        uow.chats.put(chat)
        uow.commit()
    with work() as uow:
        assert uow.chats.replies_of("q1")[0].way is Way.SENDING
        assert uow.chats.due(NOON) is None
        assert uow.chats.of_request("q1") == [chat]
        assert uow.chats.last_about("p1") == chat
        uow.chats.end("q1")
        assert uow.chats.last_about("p1") is None


def test_who_waits_is_found_the_same_way(work):
    say(work, "商标被人抢注了", 1)
    with work() as uow:
        person = uow.chats.person("wang")
        assert [one.text for one in uow.chats.waiting(person.key)] == ["商标被人抢注了"]
        assert uow.chats.left_waiting(uow.now - timedelta(minutes=1)) == ""
        assert uow.chats.left_waiting(uow.now + timedelta(seconds=1)) == "wang"


def test_nothing_of_who_wrote_and_what_is_in_clear(work, engine):
    say(work, HELLO, 1)
    say(work, "商标被人抢注了", 2)
    with engine.connect() as connection:
        kept = "".join(
            str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            for table in ("chat_people", "chats", "chat_replies")
        )
    for private in ("'wang'", "王工", "13900000000", "商标"):
        assert private not in kept


@pytest.mark.clause("6.2.b")
def test_one_message_delivered_to_several_instances_at_once_is_one_need_and_one_answer(work, engine):
    say(work, HELLO, 1)
    troubles = []

    def instance():
        try:
            say(work, "查标准", 2)
        except Exception as error:  # the thread's end must not hide it
            troubles.append(error)

    threads = [threading.Thread(target=instance) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert troubles == []
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM requests").scalar() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM chat_replies WHERE request_id <> ''").scalar() == 1
