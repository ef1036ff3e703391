"""A stand-in for WeCom: its API as far as we use it, as strict as the real one, and its way of delivering messages.

It seals and signs by itself, so that what it delivers proves the product's own code right or wrong.
"""

import base64
import hashlib
import itertools
import json
import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import httpx2 as httpx
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TOKEN_SECONDS = 7200


@dataclass
class StandIn:
    """One corporation with one application. `sent` holds what users would see."""

    corp_id: str = "ww0123456789abcdef"
    agent_id: str = "1000002"
    secret: str = "a secret of the demo"
    token: str = "DemoToken"
    aes_key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    sent: list[tuple[str, str]] = field(default_factory=list)
    troubles: list[int] = field(default_factory=list)  # error codes for the next messages, one each
    down: bool = False
    tokens_given: int = 0
    asked: int = 0  # messages that were sent to it, whatever became of them
    url: str = ""
    _good: set[str] = field(default_factory=set)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(int(time.time() * 1000) * 1000))

    @contextmanager
    def running(self) -> Iterator["StandIn"]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def settings(self, park: str) -> dict[str, str]:
        """The product's settings that make it this application's."""
        return {
            "NQI_WECOM_CORP_ID": self.corp_id, "NQI_WECOM_AGENT_ID": self.agent_id, "NQI_WECOM_SECRET": self.secret,
            "NQI_WECOM_TOKEN": self.token, "NQI_WECOM_AES_KEY": self.aes_key, "NQI_WECOM_PARK": park,
            "NQI_WECOM_API": self.url,
        }  # fmt: skip

    def expire(self) -> None:
        """Every token given so far is worth nothing now."""
        self._good.clear()

    def said_to(self, user: str) -> list[str]:
        return [text for to, text in self.sent if to == user]

    # --- what it delivers

    def say(self, url: str, user: str, text: str, message_id: str = "") -> httpx.Response:
        """A user writes; delivered as WeCom delivers it."""
        return self.deliver(url, user, "text", message_id or str(next(self._ids)), Content=text)

    def deliver(self, url: str, user: str, kind: str, message_id: str = "", **more: str) -> httpx.Response:
        values = {
            "ToUserName": self.corp_id, "FromUserName": user, "CreateTime": str(int(time.time())), "MsgType": kind,
            "MsgId": message_id, "AgentID": self.agent_id, **more,
        }  # fmt: skip
        body, query = self.envelope(xml_of({name: value for name, value in values.items() if value}))
        return httpx.post(f"{url}/wecom", params=query, content=body, timeout=30, trust_env=False)

    def verify(self, url: str) -> str:
        """Its check of the address; what came back."""
        _, query, sealed = self.signed(b"echo 42")
        answer = httpx.get(f"{url}/wecom", params={**query, "echostr": sealed}, timeout=30, trust_env=False)
        return answer.text

    def envelope(self, message: bytes) -> tuple[bytes, dict[str, str]]:
        """The body and the query of one delivery."""
        _, query, sealed = self.signed(message)
        return xml_of({"ToUserName": self.corp_id, "AgentID": self.agent_id, "Encrypt": sealed}), query

    def signed(self, message: bytes) -> tuple[bytes, dict[str, str], str]:
        """The plain text, the proof as query parameters, and what is sealed."""
        key = base64.b64decode(self.aes_key + "=")
        plain = os.urandom(16) + len(message).to_bytes(4, "big") + message + self.corp_id.encode()
        padder = padding.PKCS7(256).padder()
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        padded = padder.update(plain) + padder.finalize()
        sealed = base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()
        timestamp, nonce = str(int(time.time())), secrets.token_hex(5)
        parts = "".join(sorted((self.token, timestamp, nonce, sealed)))
        signature = hashlib.sha1(parts.encode(), usedforsecurity=False).hexdigest()
        return plain, {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}, sealed

    # --- what it is asked

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers.get("content-length", 0))))

            def _answer(self, body: bytes) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                told = stand_in.answer(self.command, parts.path, query, body)
                content = json.dumps(told).encode() if told is not None else b"<html>bad gateway</html>"
                self.send_response(200 if told is not None else 502)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        return Handler

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> dict[str, Any] | None:
        """What WeCom would say; None while it is down."""
        if self.down:
            return None
        match method, path:
            case "GET", "/cgi-bin/gettoken":
                return self._give_token(query)
            case "POST", "/cgi-bin/message/send":
                return self._send(query.get("access_token", ""), body)
        return {"errcode": 40016, "errmsg": "no such method"}

    def _give_token(self, query: dict[str, str]) -> dict[str, Any]:
        if query.get("corpid") != self.corp_id:
            return {"errcode": 40013, "errmsg": "invalid corpid"}
        if query.get("corpsecret") != self.secret:
            return {"errcode": 40001, "errmsg": "invalid credential"}
        token = secrets.token_urlsafe(64)
        self._good.add(token)
        self.tokens_given += 1
        return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": TOKEN_SECONDS}

    def _send(self, token: str, body: bytes) -> dict[str, Any]:
        self.asked += 1
        if token not in self._good:
            return {"errcode": 42001 if token else 41001, "errmsg": "access_token expired"}
        if self.troubles and (code := self.troubles.pop(0)):
            return {"errcode": code, "errmsg": "as the test wants it"}
        message = json.loads(body)
        if message.get("agentid") != int(self.agent_id):
            return {"errcode": 40056, "errmsg": "invalid agentid"}
        text = message.get("text", {}).get("content", "")
        if message.get("msgtype") != "text" or not text or len(text.encode()) > 2048:
            return {"errcode": 40008, "errmsg": "invalid message type"}
        user = message.get("touser", "")
        if not user or user.startswith("gone"):
            return {"errcode": 0, "errmsg": "ok", "invaliduser": user}
        if not (message.get("enable_duplicate_check") and (user, text) in self.sent):
            self.sent.append((user, text))
        return {"errcode": 0, "errmsg": "ok", "msgid": secrets.token_hex(8)}


def xml_of(values: dict[str, str]) -> bytes:
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
    return f"<xml>{inside}</xml>".encode()
