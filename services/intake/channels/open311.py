"""Programs of others by Open311 GeoReport v2, each with a key of its own."""

from services.intake.channel import Channel, Hand, receives

receives(
    Channel(
        name="open311",
        title="Open311 接口",
        title_en="Open311",
        hands=frozenset({Hand.PROGRAM}),
        records=("by", "at"),
    )
)
