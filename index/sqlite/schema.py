"""Tables of the embedded index and their versions.

Layout by measurement: filters and facets read the narrow `facet` table, texts are deflated in `body`,
the text index is contentless over stems made here, fingerprint values are clustered by value.
"""

from __future__ import annotations

# PRAGMA application_id of our files ("SVOD"), so that a foreign file is told apart.
APPLICATION_ID = 0x53564F44

# MIGRATIONS[v] brings a file from version v to v + 1; PRAGMA user_version holds the version.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE article (              -- one row an article; n is the row number everywhere else
      n INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      url TEXT NOT NULL,
      site TEXT NOT NULL,
      domain TEXT NOT NULL,
      first_seen REAL NOT NULL,         -- epoch seconds; REAL holds microseconds exactly beyond the year 2100
      fetched REAL NOT NULL,            -- epoch seconds
      published REAL NOT NULL,          -- epoch seconds
      day_only INTEGER NOT NULL,        -- 1: published is no more exact than a day (stories.rank.Member)
      marks TEXT NOT NULL,              -- JSON list of domains that its evidence names (stories.rank.Member)
      content_hash TEXT NOT NULL,
      judged TEXT NOT NULL,             -- Article.judged_hash: what a verdict on it was given for
      revision INTEGER NOT NULL,
      story TEXT NOT NULL,              -- id of the story; the article's own id until linked
      copies INTEGER NOT NULL DEFAULT 0,
      outlets TEXT NOT NULL DEFAULT '[]', -- JSON list of sites, on the canonical article
      pending INTEGER NOT NULL          -- 1 until linked
    );
    CREATE INDEX article_story ON article(story);
    CREATE INDEX article_pending ON article(n) WHERE pending = 1;
    CREATE INDEX article_young ON article(site, first_seen);
    CREATE TABLE facet (                -- all that filters, sorts and counts
      n INTEGER PRIMARY KEY,
      site INTEGER NOT NULL,            -- names.k
      source INTEGER NOT NULL,          -- names.k of source.name
      source_domain INTEGER NOT NULL,   -- names.k of source.domain
      section INTEGER NOT NULL,         -- names.k; the name is '' when there is none
      lang INTEGER NOT NULL,
      published INTEGER NOT NULL,       -- epoch seconds, rounded down
      canonical INTEGER NOT NULL        -- 1 canonical, 0 copy
    );
    CREATE INDEX facet_published ON facet(published);
    CREATE TABLE names (k INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE body (n INTEGER PRIMARY KEY, z BLOB NOT NULL);       -- deflated Article JSON without labels
    CREATE TABLE revision (n INTEGER, revision INTEGER, z BLOB NOT NULL, PRIMARY KEY (n, revision)) WITHOUT ROWID;
    CREATE TABLE link (id TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;  -- every identity hash that leads here
    CREATE INDEX link_n ON link(n);
    -- h is the 64-bit value read as a signed number
    CREATE TABLE fingerprint (h INTEGER, n INTEGER, PRIMARY KEY (h, n)) WITHOUT ROWID;
    CREATE INDEX fingerprint_n ON fingerprint(n);
    CREATE TABLE edge (
      a TEXT NOT NULL, b TEXT NOT NULL, ok INTEGER NOT NULL, rule TEXT NOT NULL,
      hash_a TEXT NOT NULL, hash_b TEXT NOT NULL, PRIMARY KEY (a, b)
    ) WITHOUT ROWID;
    CREATE INDEX edge_b ON edge(b);
    CREATE TABLE analysis (digest TEXT NOT NULL);  -- of the analysis that made the text tables; one row, or none yet
    CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE VIRTUAL TABLE text USING fts5(
      title, author, body, content='', tokenize='unicode61 remove_diacritics 0'
    );                                  -- stems, for words and phrases
    CREATE VIRTUAL TABLE exact USING fts5(
      title, author, body, content='', detail=column, tokenize='unicode61 remove_diacritics 0'
    );                                  -- folded words as written, for prefixes (угроз*)
    """,
    """
    ALTER TABLE article ADD COLUMN first_copy REAL; -- epoch seconds; on the canonical article of a story with copies
    ALTER TABLE article ADD COLUMN last_copy REAL;
    UPDATE article SET (first_copy, last_copy) = (
        SELECT min(copy.published), max(copy.published) FROM article AS copy
        WHERE copy.story = article.story AND copy.n != article.n
      ) WHERE copies > 0;
    """,
    """
    CREATE TABLE run (                  -- one row a run of a site
      id TEXT PRIMARY KEY,
      site TEXT NOT NULL,
      started REAL NOT NULL,            -- epoch seconds
      document TEXT NOT NULL            -- RunDocument JSON
    ) WITHOUT ROWID;
    CREATE INDEX run_started ON run(started, id);
    CREATE INDEX run_site ON run(site, started, id);
    """,
    # vague is stories.rank.Member.vague: 0 a time, 1 a day alone, 2 nothing. What has no date at all is what has its
    # first sight for one.
    """
    ALTER TABLE article RENAME COLUMN day_only TO vague;
    UPDATE article SET vague = 2 WHERE vague = 1 AND published = first_seen;
    UPDATE article SET (first_copy, last_copy) = (
        SELECT min(copy.published), max(copy.published) FROM article AS copy
        WHERE copy.story = article.story AND copy.n != article.n AND copy.vague < 2
      ) WHERE copies > 0;
    """,
    """
    CREATE INDEX article_copied ON article(copies) WHERE copies > 0;
    """,
)
VERSION = len(MIGRATIONS)
