"""Elasticsearch 8.19 and 9.x behind the `Backend` interface."""
