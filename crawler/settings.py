"""Every Scrapy setting that differs from Scrapy's default, each with its reason, alphabetical.

Contributors: keep the order, give the reason, and set what is a site's own (delay) in the site file.
"""

from __future__ import annotations

import os

from crawler import __version__
from crawler.lease import RENEW

BOT_NAME = "svodka"

# The polite pace of Scrapy's own project template, then adapted to how fast the site answers.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_MAX_DELAY = 120.0  # seconds; the longest Crawl-delay that is still followed within a run
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

# Scrapy makes this many tasks per response (scrapy issue 5182): the default of 100 costs 0.8 ms a page.
CONCURRENT_ITEMS = 4
# A crawler is one site: one request under way and one waiting. More would only wait in the downloader's queue,
# which a stop by SIGTERM has to empty first.
CONCURRENT_REQUESTS = 2
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # one request a domain at a time

# A news page reads the same for everyone; cookies would make sites split us into sessions.
COOKIES_ENABLED = False

DEFAULT_DROPITEM_LOG_LEVEL = "INFO"  # a rejected page is counted in the summary, not a warning of its own

DOWNLOAD_DELAY = 1.0  # seconds; the site file's `delay` replaces it
DOWNLOAD_DELAY_JITTER = 0.0  # Scrapy's 0.5 would halve some of the gaps that a site asks for
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}  # only the web is read
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # bytes; Scrapy's 1 GiB would let one page fill the memory
DOWNLOAD_TIMEOUT = 30  # seconds; Scrapy's 180 holds a slow site's only slot for minutes
DOWNLOAD_WARNSIZE = 0  # the cap above tells; a warning below it is noise

DOWNLOADER_MIDDLEWARES = {
    # Before robots.txt (100): an address of this machine is not even asked for its robots.txt.
    "crawler.middlewares.private_addresses.PrivateAddresses": 50,
}

EXTENSIONS = {
    # Ours extends it: Crawl-delay and Retry-After, which Scrapy ignores, are floors for the throttle.
    "scrapy.extensions.throttle.AutoThrottle": None,
    "crawler.extensions.politeness.Politeness": 100,
    "crawler.extensions.accounts.Accounts": 200,
    "crawler.extensions.renewal.Renewal": 300,
}

ITEM_PIPELINES = {
    "crawler.pipelines.normalise.NormalisePipeline": 100,
    "crawler.pipelines.attribute.AttributePipeline": 200,
    "crawler.pipelines.deduplicate.DeduplicatePipeline": 300,
    "crawler.pipelines.store.StorePipeline": 400,
}

LOG_LEVEL = "INFO"  # DEBUG prints every request

REDIRECT_MAX_TIMES = 5  # a longer chain is a loop or a login wall; Scrapy's 20 asks 20 times

# Since 2.19 Scrapy starts an HTTP server that runs Python code; a cron job needs no such door.
REMOTE_CONTROL_ENABLED = False

RETRY_GIVE_UP_LOG_LEVEL = "WARNING"  # it is counted as http_error and tried again in later runs
RETRY_TIMES = 2

ROBOTSTXT_OBEY = True  # always; Scrapy's default is off

# First found, first fetched: sources name the newest first. Scrapy's default takes the last found.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

SPIDER_MODULES = ["crawler.spiders"]

TELNETCONSOLE_ENABLED = False  # as REMOTE_CONTROL_ENABLED

# An honest name with a way to reach whoever runs it: set SVODKA_CONTACT to an address or a page.
USER_AGENT = f"svodka/{__version__} ({os.environ.get('SVODKA_CONTACT', 'news index; contact not given')})"

# --- Svodka's own -----------------------------------------------------------------------------------

# Where articles, stories and crawl state are kept.
SVODKA_INDEX = ""  # the configured one: environment, svodka.toml, or the embedded default
# A moment (ISO 8601 with offset) at which the clock stands; for the demo and tests.
SVODKA_NOW = os.environ.get("SVODKA_NOW", "")
# Who wanted the run: "due" (the site's schedule) or "named" (somebody did).
SVODKA_TRIGGER = "named"
# Articles stored in one transaction: 50 to 100 keep the write lock under 100 ms (measured) ...
SVODKA_BATCH = 50
# ... and seconds after which a batch is stored though it is not full, so that a slow site is searchable soon.
SVODKA_BATCH_SECONDS = float(os.environ.get("SVODKA_BATCH_SECONDS") or 15)
# Seconds between two renewals of a site's lease in the cluster, which expires after five minutes (crawler.lease).
SVODKA_RENEW_SECONDS = float(os.environ.get("SVODKA_RENEW_SECONDS") or RENEW)
