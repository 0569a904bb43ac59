"""Third stage: the fingerprint by which copies of a text find each other.

The look-up itself follows the store (`crawler.pipelines.store`): of two copies stored at the same moment by
two processes, the later look-up sees both only when each looks after it has stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.stories.fingerprint import fingerprint_of

if TYPE_CHECKING:
    from crawler.page import Page


class DeduplicatePipeline:
    """Sets `article.fingerprint`."""

    def process_item(self, page: Page) -> Page:
        """Fingerprint the prose, without the marks that attribution found."""
        assert page.article is not None  # noqa: S101 - an earlier stage made it
        page.article = page.article.model_copy(update={"fingerprint": fingerprint_of(page.article)})
        return page
