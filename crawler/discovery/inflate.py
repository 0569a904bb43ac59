"""Gzip bodies, within the size that the sitemap protocol allows."""

from __future__ import annotations

import zlib

from crawler.discovery.link import NotReadable

MAX_SITEMAP = 50 * 1024 * 1024  # bytes uncompressed (sitemaps.org protocol, "Sitemap file requirements")
_MAGIC = b"\x1f\x8b"
_CHUNK = 16_384  # bytes; small, because what follows a finished member is copied once per member
_GZIP = 16 + zlib.MAX_WBITS


def inflate(body: bytes, limit: int = MAX_SITEMAP) -> bytes:
    """Plain bytes of a sitemap: gzip is taken off once, and once more where a server packs a .gz file again.

    A stream cut short or damaged further in gives what came through. Raises `NotReadable` above `limit` bytes, for damage at the very
    start and for a third layer.
    """
    for _ in range(2):
        if body.startswith(_MAGIC):
            body = _gunzip(body, limit)
    if body.startswith(_MAGIC):
        raise NotReadable("packed by gzip more than twice")
    if len(body) > limit:
        raise NotReadable(f"larger than {limit} bytes uncompressed")
    return body


def _gunzip(body: bytes, limit: int) -> bytes:
    plain = bytearray()
    unpacker = None
    try:
        for start in range(0, len(body), _CHUNK):
            data = body[start : start + _CHUNK]
            while (
                data := data if unpacker else data.lstrip(b"\0")
            ):  # padding between members, as gzip(1) accepts
                unpacker = unpacker or zlib.decompressobj(_GZIP)
                plain += unpacker.decompress(data, limit + 1 - len(plain))
                if len(plain) > limit:
                    raise NotReadable(f"larger than {limit} bytes uncompressed")
                data = unpacker.unused_data
                unpacker = None if unpacker.eof else unpacker
    except zlib.error as error:
        if not plain:
            raise NotReadable(f"damaged gzip data: {error}") from None
    return bytes(plain)
