"""Refuses pages on this machine and in private networks, unless the site file allows them.

A news page can link or redirect to `http://127.0.0.1:9200/` or a router's page; a crawler that follows
would read what only this machine may see (server-side request forgery, CWE-918).
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class PrivateAddress(IgnoreRequest):
    """The host is, or resolves to, an address that is not public."""


class PrivateAddresses:
    """Downloader middleware; every request passes, redirects and robots.txt included."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._verdicts: dict[str, bool] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy makes components this way."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise `PrivateAddress` for a host that is not public. Behind a proxy only the name can be judged."""
        site = getattr(self.crawler.spider, "site", None)
        if site is not None and site.allow_private:
            return
        host = urlparse_cached(request).hostname or ""
        if host not in self._verdicts:
            self._verdicts[host] = is_private_name(host) or await self._resolves_privately(host, request)
        if self._verdicts[host]:
            raise PrivateAddress(
                f"{host} is an address of this machine or a private network; allow_private = true in the site file allows it"
            )

    async def _resolves_privately(self, host: str, request: Request) -> bool:
        if request.meta.get("proxy") or self._goes_through_proxy(request):
            return False
        try:
            loop = asyncio.get_running_loop()
            found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError:
            return False  # the download itself will fail and say so
        return any(not is_public(str(address[4][0])) for address in found)

    @staticmethod
    def _goes_through_proxy(request: Request) -> bool:
        from urllib.request import getproxies, proxy_bypass

        parts = urlparse_cached(request)
        return parts.scheme in getproxies() and not proxy_bypass(parts.hostname or "")


def is_private_name(host: str) -> bool:
    """Whether a host name, or an address written as one, means this machine or a private network."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    return _is_address(host) and not is_public(host)


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from the whole internet (IANA special-purpose registries)."""
    return ip_address(address.partition("%")[0]).is_global


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
