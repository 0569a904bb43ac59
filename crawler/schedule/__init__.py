"""When sites are crawled: cron expressions, which sites are due, and the lines that cron or systemd runs."""
