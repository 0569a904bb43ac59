"""The search page: `svodka serve`. Server-rendered, works without JavaScript, on every engine."""
