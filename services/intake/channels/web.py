"""The portal: clients state their needs themselves."""

from services.intake.channel import Channel, Hand, receives

receives(
    Channel(
        name="web",
        title="网页",
        title_en="Web",
        hands=frozenset({Hand.CLIENT}),
    )
)
