"""Files that browsers load: ours and the few of third parties, each under an address that names its content."""

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.errors import NotFound

HERE = Path(__file__).parent
NODE_MODULES = HERE / "node_modules"
STYLES = (
    "tokens",
    "base",
    "frame",
    "parts",
    "forms",
    "times",
    "public",
    "desk",
    "follow",
    "clocks",
    "match",
    "kiosk",
    "narrow",
)

# name in the address: the files it is made of, in order
FILES: dict[str, tuple[str, ...]] = {
    "tabler.css": ("@tabler/core/dist/css/tabler.min.css",),
    "htmx.js": ("htmx.org/dist/htmx.min.js",),
    "nqi.css": tuple(f"css/nqi-{name}.css" for name in STYLES),
    "nqi.js": ("nqi.js",),
    "desk.js": ("desk.js",),
    "kiosk.js": ("kiosk.js",),
    "nqi.svg": ("nqi.svg",),
}
_THIRD_PARTY = {"tabler.css", "htmx.js"}
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    body: bytes
    packed: bytes
    type: str
    digest: str


class Assets:
    """Every file, read once; `missing` names third-party files that set-up has not installed."""

    def __init__(self, node_modules: Path = NODE_MODULES) -> None:
        self.missing: list[str] = []
        self._assets: dict[str, Asset] = {}
        for name, parts in FILES.items():
            folder = node_modules if name in _THIRD_PARTY else HERE / "static"
            paths = [folder / part for part in parts]
            if name in _THIRD_PARTY and not all(path.exists() for path in paths):
                self.missing += map(str, paths)
                continue
            self._assets[name] = _asset(paths)

    def url(self, name: str) -> str:
        asset = self._assets.get(name)
        return f"/static/{asset.digest if asset else 'missing'}/{name}"

    async def serve(self, request: Request) -> Response:
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            raise NotFound("没有这个文件")
        # An address of another version (an instance not yet renewed) gets this one, but must not keep it.
        known = request.path_params["digest"] == asset.digest
        headers = {
            "cache-control": _FOR_EVER if known else "no-cache",
            "vary": "accept-encoding",
        }
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            return Response(asset.packed, media_type=asset.type, headers=headers)
        return Response(asset.body, media_type=asset.type, headers=headers)


def _asset(paths: Sequence[Path]) -> Asset:
    body = b"\n".join(_without_map(path.read_bytes()) for path in paths)
    digest = hashlib.sha256(body).hexdigest()[:16]
    return Asset(body, gzip.compress(body, mtime=0), _TYPES[paths[0].suffix], digest)


def _without_map(body: bytes) -> bytes:
    """Drops a trailing reference to a source map, which we do not serve."""
    head, found, _ = body.rpartition(b"sourceMappingURL=")
    return head[: max(head.rfind(b"/*"), head.rfind(b"//"))] if found and len(head) > len(body) - 200 else body
