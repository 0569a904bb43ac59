"""The crawl: discovery, fetching, extraction, normalising, attribution, deduplication, storing."""

__version__ = "0.1.0"
