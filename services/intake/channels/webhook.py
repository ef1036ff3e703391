"""Programs of others by signed webhook, each with a secret of its own."""

from services.intake.channel import Channel, Hand, receives

receives(
    Channel(
        name="webhook",
        title="签名回调",
        title_en="Webhook",
        hands=frozenset({Hand.PROGRAM}),
        records=("by", "at"),
    )
)
