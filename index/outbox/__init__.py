"""The outbox: articles for a remote index are durable on this machine before they are sent."""
