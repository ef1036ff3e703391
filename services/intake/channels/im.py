"""An instant message, written down by whoever got it."""

from services.intake.channel import Channel, Hand, receives

receives(
    Channel(
        name="im",
        title="即时通讯",
        title_en="Instant message",
        hands=frozenset({Hand.STAFF, Hand.PROGRAM}),
        records=("by", "at"),
    )
)
