"""Every saved object of Svodka as one NDJSON file, which Kibana 8.19 and 9.x import.

`python -m index.kibana.objects` prints the file.
"""

from __future__ import annotations

import json
import sys

from index.kibana.dashboards import saved_dashboards
from index.kibana.envelope import DEFAULT_PREFIX, Naming, SavedObject
from index.kibana.lenses import saved_charts
from index.kibana.queries import saved_queries
from index.kibana.searches import saved_searches
from index.kibana.views import saved_views


def saved_objects(prefix: str = DEFAULT_PREFIX) -> list[SavedObject]:
    """Views, queries, searches, charts, dashboards of the index called `prefix`: a reference after what it names.

    Raises `index.kibana.fields.UnknownField` where one names a field that the mapping does not have.
    """
    naming = Naming(prefix)
    return [
        *saved_views(naming),
        *saved_queries(naming),
        *saved_searches(naming),
        *saved_charts(naming),
        *saved_dashboards(naming),
    ]


def ndjson(prefix: str = DEFAULT_PREFIX) -> str:
    """The whole file: one object a line, the same text each time."""
    lines = (json.dumps(each, ensure_ascii=False, sort_keys=True) for each in saved_objects(prefix))
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(ndjson(*sys.argv[1:2]))
