"""A service whose handlers behave as their messages say, to try the bus with."""

import os
import time

from services.probe import store

from shared.bus import Work, on, rpc
from shared.errors import Invalid, NotFound, Unavailable
from shared.metrics import Metrics
from tests.probe.contracts.probe import AddCount, Count, Counted, GetCount, Ping

tries: dict[str, int] = {}


def behave(mood: str, name: str) -> None:
    match mood.split(":"):
        case ["ok"]:
            pass
        case ["slow", seconds]:
            time.sleep(float(seconds))
        case ["unavailable", times]:
            tries[name] = tries.get(name, 0) + 1
            if tries[name] <= int(times):
                raise Unavailable("noch nicht")
        case ["reject"]:
            raise Invalid("refused by a rule", fields={"name": "wrong"})
        case ["missing"]:
            raise NotFound("no {name}", name=name)
        case ["bug"]:
            raise RuntimeError("a bug")
        case ["die"]:
            os._exit(3)


class ProbeService:
    """Counts what it says and what it hears."""

    name = "probe"

    uow = Work(store.UnitOfWork)
    metrics = Metrics()

    @on(Counted)
    def on_counted(self, event):
        with self.uow as uow:
            behave(event.mood, event.name)
            uow.raise_(event.name, "heard")
            uow.commit()

    @rpc(AddCount)
    def add_count(self, command):
        with self.uow as uow:
            uow.raise_(command.name, "said")
            for _ in range(command.events):
                uow.say(Counted(park="p", request_id="r", name=command.name, mood=command.mood))
            time.sleep(command.seconds)
            said, heard = uow.get(command.name)
            return uow.commit(Count(name=command.name, said=said, heard=heard))

    @rpc(Ping)
    def ping(self, query):
        return Count(name=query.name, said=0, heard=0)

    @rpc(GetCount)
    def get_count(self, query):
        behave(query.mood, query.name)
        with self.uow as uow:
            said, heard = uow.get(query.name)
        return Count(name=query.name, said=said, heard=heard)
