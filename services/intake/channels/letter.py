"""A letter on paper."""

from services.intake.channel import Channel, Hand, receives

receives(
    Channel(
        name="letter",
        title="信函",
        title_en="Letter",
        hands=frozenset({Hand.STAFF}),
        records=("by", "at"),
    )
)
