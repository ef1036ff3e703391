"""Real mail servers for tests, private and on loopback: dovecot (IMAP) from Debian's package, and aiosmtpd (SMTP)."""

import getpass
import grp
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from imapclient import IMAPClient

from deploy.local import processes
from deploy.local.processes import LOOPBACK

PASSWORD = "secret"
SECONDS = 15
CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
base_dir = {area}/run
state_dir = {area}/state
log_path = {area}/log/dovecot.log
mail_location = maildir:{area}/mail/%u
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={area}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


class Dovecot:
    """An IMAP server of its own; whoever knows the password is a user, whose mailbox is made at the first look."""

    def __enter__(self) -> Self:
        # Not under pytest's folders: as root, dovecot reads mail as nobody, who may not enter those.
        self._area = Path(tempfile.mkdtemp(prefix="nqi-dovecot-", dir="/tmp"))
        user = "nobody" if os.geteuid() == 0 else getpass.getuser()
        known = pwd.getpwnam(user)
        for name in ("run", "state", "log", "mail"):
            folder = self._area / name
            folder.mkdir()
            os.chown(folder, known.pw_uid, known.pw_gid)
        self._area.chmod(0o755)
        self._keeper = processes.free_port()
        self.port = self._keeper.getsockname()[1]
        text = CONFIGURATION.format(
            area=self._area, user=user, group=grp.getgrgid(known.pw_gid).gr_name, password=PASSWORD, port=self.port
        )
        (self._area / "dovecot.conf").write_text(text)
        self.start()
        return self

    def start(self) -> None:
        command = ["/usr/sbin/dovecot", "-F", "-c", str(self._area / "dovecot.conf")]
        self._server = processes.tethered(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not processes.poll(lambda: processes.answers(self.port), within=SECONDS):
            raise AssertionError(f"dovecot does not answer: {(self._area / 'log' / 'dovecot.log').read_text()[-2000:]}")

    def stop(self) -> None:
        processes.let_go(self._server)
        self._server.wait(10)

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._keeper.close()
        shutil.rmtree(self._area)

    def uri(self, user: str) -> str:
        return f"imap://{user}:{PASSWORD}@{LOOPBACK}:{self.port}/INBOX"

    @contextmanager
    def open(self, user: str, folder: str = "INBOX") -> Iterator[IMAPClient]:
        with IMAPClient(LOOPBACK, port=self.port, ssl=False) as client:
            client.login(user, PASSWORD)
            if client.folder_exists(folder):
                client.select_folder(folder)
            yield client

    def put(self, user: str, content: bytes) -> None:
        """A mail arrives."""
        with self.open(user) as client:
            client.append("INBOX", content)

    def subjects(self, user: str, folder: str = "INBOX") -> list[str]:
        """The subjects of the mails in a folder, oldest first; none if there is no such folder."""
        with self.open(user, folder) as client:
            if not client.folder_exists(folder):
                return []
            found = client.fetch(client.search(), ["BODY.PEEK[HEADER]"])
        return [str(message_from_bytes(one[b"BODY[HEADER]"])["Subject"]) for _, one in sorted(found.items())]


@dataclass
class Received:
    """One mail as the SMTP server got it."""

    sender: str
    recipients: list[str]
    message: Message
    content: bytes

    @property
    def text(self) -> str:
        return self.message.get_payload(decode=True).decode()  # type: ignore[union-attr]


@dataclass
class SmtpServer:
    """Keeps every mail it is handed; `answer` may refuse one, by the recipient's address."""

    received: list[Received] = field(default_factory=list)
    answer: Callable[[str], str] = lambda address: "250 OK"
    after_data: Callable[[], str] = lambda: "250 OK"

    def __enter__(self) -> Self:
        with processes.free_port() as keeper:
            self.port = keeper.getsockname()[1]
            self._controller = Controller(self, hostname=LOOPBACK, port=self.port)
            self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def uri(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's own name for it
        said = self.answer(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's own name for it
        content = bytes(envelope.content)
        self.received.append(
            Received(envelope.mail_from, list(envelope.rcpt_tos), message_from_bytes(content), content)
        )
        return self.after_data()
