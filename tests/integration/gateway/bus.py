"""A bus that answers what a test tells it to, and keeps what it was asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shared.access import Actor
from shared.errors import Absent


@dataclass(frozen=True)
class Asked:
    message: Any
    actor: Actor
    command_id: str


@dataclass
class ToldBus:
    """`answers` by type of message: an answer, an error to raise, a function, or a list of these in turn."""

    answers: dict[type, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    up: bool = True

    async def ask(self, message: Any, *, actor: Actor, command_id: str = "", deadline: float = 5.0) -> Any:
        self.asked.append(Asked(message, actor, command_id))
        answer = self.answers.get(type(message), Absent("这项服务暂时没有开，请稍后再试"))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Callable):  # type: ignore[arg-type]
            answer = answer(message)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ready(self) -> bool:
        return self.up

    def of(self, kind: type) -> list[Asked]:
        """What was asked of this type."""
        return [asked for asked in self.asked if isinstance(asked.message, kind)]
