"""Hands our mails to an SMTP server, and tells what it said."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from services.intake.domain.letters import Letter

SECONDS = 30
LOOPBACK = ("127.0.0.1", "::1", "localhost")
FOR_GOOD = 500


class Refused(Exception):
    """The other side will never take this mail; the text says why."""


class PutOff(Exception):
    """It may be taken later; the text says why it was not now."""


def send(letter: Letter, uri: str, sender: str) -> None:
    """Hand over one mail. Raises Refused or PutOff; after either it is not known to have been taken."""
    parts = urlsplit(uri)
    secure, host = parts.scheme == "smtps", parts.hostname or ""
    context = ssl.create_default_context()
    try:
        with _server(host, parts.port or 0, context if secure else None) as server:
            server.ehlo_or_helo_if_needed()
            if not secure and (host not in LOOPBACK or server.has_extn("starttls")):
                server.starttls(context=context)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(written(letter, sender), sender, [letter.to])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise (Refused if code >= FOR_GOOD else PutOff)(_said(code, said)) from error
    except smtplib.SMTPDataError as error:
        raise (Refused if error.smtp_code >= FOR_GOOD else PutOff)(_said(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPResponseException as error:  # it does not want us, rather than this mail
        raise PutOff(_said(error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise PutOff(f"{type(error).__name__}: {error}"[:300]) from error


def _server(host: str, port: int, context: ssl.SSLContext | None) -> smtplib.SMTP:
    if context is not None:
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    return smtplib.SMTP(host, port, timeout=SECONDS)


def _said(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {said}"[:300]


def written(letter: Letter, sender: str) -> EmailMessage:
    """The mail as it goes out. What machines write says so (RFC 3834), so that no machine answers it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.message_id}>"
    if letter.answers:
        message["In-Reply-To"] = message["References"] = f"<{letter.answers}>"
    if not letter.written_by:
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.text)
    return message
