"""E-mail: read from the mailbox, or written down by staff who were written to themselves."""

from services.intake.channel import Channel, Hand, receives

receives(
    Channel(
        name="email",
        title="邮件",
        title_en="E-mail",
        hands=frozenset({Hand.STAFF, Hand.PROGRAM}),
        records=("by", "at"),
    )
)
