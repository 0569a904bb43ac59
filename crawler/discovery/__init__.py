"""From the bytes of a feed, sitemap or listing page to links."""
