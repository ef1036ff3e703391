"""The self-service terminal in the station (4.4.1)."""

from services.intake.channel import Channel, Hand, receives

receives(
    Channel(
        name="kiosk",
        title="自助机",
        title_en="Kiosk",
        hands=frozenset({Hand.CLIENT}),
    )
)
