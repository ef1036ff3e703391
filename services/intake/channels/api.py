"""Other programs, by the HTTP API, for whoever has the need."""

from services.intake.channel import Channel, Hand, receives

receives(
    Channel(
        name="api",
        title="接口",
        title_en="API",
        hands=frozenset({Hand.CLIENT}),
    )
)
