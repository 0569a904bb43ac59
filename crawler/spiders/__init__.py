"""One spider class per site file, so that `scrapy list` and `scrapy crawl ria.ru` know every site.

The folder is `crawler/sites`, or what the environment variable SVODKA_SITES names. A faulty file makes no
spider and stops no other; `svodka sites check` tells what is wrong with it.
"""

from __future__ import annotations

import logging

from crawler.choice import sites_folder
from crawler.site import Site, load_sites
from crawler.spiders.news import NewsSpider

logger = logging.getLogger(__name__)


def spider_of(site: Site) -> type[NewsSpider]:
    """The spider class of a site."""
    class_name = "".join(part.capitalize() for part in site.name.replace("-", ".").split(".")) + "Spider"
    return type(class_name, (NewsSpider,), {"__module__": __name__, "site": site, "name": site.name})


def _register() -> None:
    sites, faults = load_sites(sites_folder())
    for fault in faults:
        logger.warning("no spider: %s", fault)
    for site in sites.values():
        spider = spider_of(site)
        globals()[spider.__name__] = spider


_register()
