"""The searchable store: the article schema, stories, search, and the engines that keep them."""
