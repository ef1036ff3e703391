"""Every error a service may raise on purpose, and how each travels.

ServiceError
├── Rejected            the caller is wrong: never retried, answered over RPC, parked for an event
│   ├── Invalid         the payload does not fit its contract; `fields` says where
│   ├── NotFound        no such thing
│   ├── IllegalMove     the state table has no such row
│   ├── Taken           somebody else was first
│   ├── Forbidden       this actor may not do this here
│   ├── Unproven        no actor token, or a forged or expired one
│   └── KeyReused       the idempotency key was used before, with other content
└── Unavailable         the world is wrong: retried later
    ├── Early           the message came before the one it builds on
    ├── Absent          nobody listens to this service's queue
    ├── TimedOut        no answer within the deadline; whether it took effect is unknown
    └── Interrupted     the connection broke before the answer; whether it took effect is unknown

The text is a template in zh_CN, the key of its translations; params fill it:
``NotFound("没有编号 {number}", number=n)``.
"""

from collections.abc import Mapping


class ServiceError(Exception):
    """Base. `text` is a template, `params` its strings, `fields` texts by field path."""

    def __init__(self, text: str = "", /, *, fields: Mapping[str, str] | None = None, **params: object) -> None:
        self.text = text
        self.params = {key: str(value) for key, value in params.items()}
        self.fields = dict(fields or {})
        super().__init__(text)

    def __str__(self) -> str:
        said = self.text.format(**self.params) if self.params else self.text
        details = "; ".join(f"{path}: {text}" for path, text in self.fields.items())
        return f"{said} ({details})" if details else said


class Rejected(ServiceError):
    """The caller must change something before trying again."""


class Invalid(Rejected):
    """The payload does not fit its contract."""


class NotFound(Rejected):
    """No such thing."""


class IllegalMove(Rejected):
    """The state table has no row for this state and trigger."""


class Taken(Rejected):
    """Somebody else was first; what was wanted is not free any more."""


class Forbidden(Rejected):
    """This actor may not do this here."""


class Unproven(Rejected):
    """The message bears no actor token, or a forged or expired one."""


class KeyReused(Rejected):
    """The idempotency key was used before, with other content."""


class Unavailable(ServiceError):
    """Try again later."""


class Early(Unavailable):
    """The message came before the one it builds on."""


class Absent(Unavailable):
    """Nobody listens to this service's queue."""


class TimedOut(Unavailable):
    """No answer within the deadline; whether the command took effect is unknown."""


class Interrupted(Unavailable):
    """The connection broke before the answer came; whether the command took effect is unknown."""


BY_NAME: dict[str, type[ServiceError]] = {
    kind.__name__: kind
    for kind in (
        ServiceError, Rejected, Invalid, NotFound, IllegalMove, Taken, Forbidden, Unproven, KeyReused,
        Unavailable, Early, Absent, TimedOut, Interrupted,
    )
}  # fmt: skip
