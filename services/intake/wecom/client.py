"""WeCom's API as far as we use it: a token, kept while it is good, and text messages to one user."""

import threading
import time
from typing import Any

import httpx2 as httpx

from shared.config import Settings

TIMEOUT = httpx.Timeout(10, connect=5)
EARLY = 300  # seconds before its end a token is not used any more
SAME_SECONDS = 4 * 3600  # WeCom drops a message that it sent to the same user so lately
TEXT_BYTES = 2048  # the longest text

_STALE = {40001, 40014, 41001, 42001}  # the token: get another one
_LATER = {-1, 45009, 45033, 45047, 50001, 60020, 301002, 40013, 40091, 48002}  # busy, too many, or set up wrongly


class NotNow(Exception):
    """It may go well later: the network, WeCom itself, or a setting that somebody must mend."""


class NotEver(Exception):
    """WeCom refuses this message for good."""


class Client:
    """One application of one corporation. Thread-safe."""

    def __init__(self, given: Settings) -> None:
        self._given = given
        self._http = httpx.Client(base_url=given.wecom_api, timeout=TIMEOUT, trust_env=False)
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    def close(self) -> None:
        self._http.close()

    def send(self, user: str, text: str) -> None:
        """Raises NotNow or NotEver. Sent again within hours, the same text reaches the user once."""
        body = {
            "touser": user, "msgtype": "text", "agentid": int(self._given.wecom_agent_id),
            "text": {"content": _shortened(text)}, "safe": 0,
            "enable_duplicate_check": 1, "duplicate_check_interval": SAME_SECONDS,
        }  # fmt: skip
        answer = self._post("/cgi-bin/message/send", body)
        if answer["errcode"] in _STALE:
            self._forget()
            answer = self._post("/cgi-bin/message/send", body)
        _check(answer)
        if answer.get("invaliduser"):
            raise NotEver(f"WeCom knows no such user: {answer['invaliduser']}")

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._ask("POST", path, params={"access_token": self._access_token()}, json=body)

    def _access_token(self) -> str:
        with self._lock:
            if not self._token or time.monotonic() > self._until:
                answer = self._ask(
                    "GET", "/cgi-bin/gettoken",
                    params={"corpid": self._given.wecom_corp_id, "corpsecret": self._given.wecom_secret},
                )  # fmt: skip
                if answer["errcode"] != 0:
                    raise NotNow(f"WeCom gives no token: {answer['errcode']} {answer.get('errmsg', '')}")
                self._token = str(answer["access_token"])
                self._until = time.monotonic() + max(float(answer["expires_in"]) - EARLY, 0)
            return self._token

    def _forget(self) -> None:
        with self._lock:
            self._token = ""

    def _ask(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, path, **given)
            answer.raise_for_status()
            told = answer.json()
            told["errcode"] = int(told["errcode"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise NotNow(f"WeCom does not answer as agreed: {error}") from error
        return dict(told)


def _check(answer: dict[str, Any]) -> None:
    code = answer["errcode"]
    if code in _STALE | _LATER:
        raise NotNow(f"WeCom: {code} {answer.get('errmsg', '')}")
    if code != 0:
        raise NotEver(f"WeCom: {code} {answer.get('errmsg', '')}")


def _shortened(text: str) -> str:
    """Never in the middle of a character."""
    return text.encode()[:TEXT_BYTES].decode(errors="ignore")
