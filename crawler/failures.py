"""From a failed request to an outcome with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.middlewares.private_addresses import PrivateAddress

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from crawler.outcome import Outcome


WORDS = {
    "CannotResolveHostError": "the host's name cannot be resolved (is there a network?)",
    "DownloadConnectionRefusedError": "the host refuses the connection",
    "DownloadTimeoutError": "no answer in time",
    "DownloadFailedError": "the connection broke",
    "ResponseDataLossError": "the answer ended too early",
}


def outcome_of(failure: Failure) -> tuple[Outcome, str]:
    """Outcome and reason of a request that brought no page."""
    error = failure.value
    if isinstance(error, HttpError):
        return "http_error", f"HTTP status {error.response.status}"
    if isinstance(error, PrivateAddress):
        return "outside_site", str(error)
    if isinstance(error, IgnoreRequest):  # also raised where a body inflates beyond DOWNLOAD_MAXSIZE
        forbidden = "robots.txt" in str(error)
        return ("robots", "robots.txt forbids it") if forbidden else ("failed", str(error).split("\n")[0])
    if isinstance(error, DownloadCancelledError):
        return "failed", "larger than DOWNLOAD_MAXSIZE"
    return "http_error", WORDS.get(type(error).__name__, type(error).__name__)


def reason_of(failure: Failure) -> str:
    """Why a feed, sitemap or listing brought nothing, as one line."""
    _, reason = outcome_of(failure)
    if reason != type(failure.value).__name__:
        return reason
    return f"{reason}: {failure.value}".split("\n")[0]
