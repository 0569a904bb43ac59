"""Exit codes of `svodka`, for cron and scripts. Scrapy itself exits 0 even when every callback raised."""

from __future__ import annotations

OK = 0  # done, nothing failed
FAILED = 1  # a site, a source or a link failed, or a check found faults; the lines above say which
USAGE = 2  # wrong arguments, an unknown site, a query that cannot be understood: nothing was done
INDEX = 3  # the index cannot be opened or written, or does not have everything yet
INTERRUPTED = (
    130  # stopped by SIGINT or SIGTERM; what was fetched is stored, the rest is left for the next run
)

TABLE = """exit codes:
  0    every site ran and nothing failed
  1    a site file, a source (feed, sitemap, listing) or a link failed, no page of a site answered, or
       another run was crawling a named site; the lines that begin with ! say which
  2    wrong arguments or an unknown site: nothing was done
  3    the index cannot be opened or written; or articles wait for it, or it refused some: the lines that
       begin with ! say how many, why, and how to go on
  130  stopped by a signal; what was fetched is stored, the rest is left for the next run"""
