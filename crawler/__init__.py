"""The crawl: discovery, fetching, extraction, normalising, attribution, deduplication, storing."""
