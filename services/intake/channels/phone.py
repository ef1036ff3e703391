"""A telephone call that somebody of the station takes."""

from services.intake.channel import Channel, Hand, receives

receives(
    Channel(
        name="phone",
        title="电话",
        title_en="Telephone",
        hands=frozenset({Hand.STAFF}),
        records=("by", "at"),
    )
)
