"""A visit to an enterprise, where needs are collected (6.2.a)."""

from services.intake.channel import Channel, Hand, receives

receives(
    Channel(
        name="visit",
        title="走访",
        title_en="Visit",
        hands=frozenset({Hand.STAFF}),
        records=("by", "place", "at"),
        asks=("place",),
    )
)
