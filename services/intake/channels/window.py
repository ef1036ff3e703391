"""The station's service window (4.2.3)."""

from services.intake.channel import Channel, Hand, receives

receives(
    Channel(
        name="window",
        title="窗口",
        title_en="Window",
        hands=frozenset({Hand.STAFF}),
        records=("by", "place", "at"),
    )
)
