"""Our own static files, held in memory, with the digest of their content as ETag and in their address."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.requests import Request

FOLDER = Path(__file__).parent / "static"
_FOREVER = "public, max-age=31536000, immutable"  # the address changes with the content
_ASKED_AGAIN = "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file."""

    content: bytes
    media_type: str
    digest: str


@cache
def assets() -> dict[str, Asset]:
    """All static files by name."""
    return {path.name: _read(path) for path in sorted(FOLDER.iterdir())}


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(content, media_type, blake2b(content, digest_size=8).hexdigest())


def asset_link(name: str) -> str:
    """The address of a static file."""
    return f"/static/{name}?v={assets()[name].digest}"


async def static(request: Request) -> Response:
    """A static file; 304 where the browser has it, 404 where there is none of the name."""
    asset = assets().get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    current = request.query_params.get("v") == asset.digest
    headers = {"ETag": f'"{asset.digest}"', "Cache-Control": _FOREVER if current else _ASKED_AGAIN}
    if names(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(asset.content, media_type=asset.media_type, headers=headers)


def names(condition: str, etag: str) -> bool:
    """Whether If-None-Match names an entity by its tag in quotes (RFC 9110, 13.1.2: compared weakly)."""
    tags = {tag.strip().removeprefix("W/") for tag in condition.split(",")}
    return etag in tags or "*" in tags
