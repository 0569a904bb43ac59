"""Tables of an outbox file and their versions."""

from __future__ import annotations

# PRAGMA application_id of our outboxes ("SVOB"), so that neither an index nor a foreign file is taken for one.
APPLICATION_ID = 0x53564F42

# One line for both tables: a dead letter that is put back is the same row again, at its old place.
_LETTER = """
  seq INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival on this machine
  article_id TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  url TEXT NOT NULL,
  site TEXT NOT NULL,
  first_seen REAL NOT NULL,              -- this and all other times: epoch seconds
  fetched REAL NOT NULL,
  published REAL NOT NULL,
  size INTEGER NOT NULL,                 -- bytes of the document before it was deflated
  added REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,   -- how often the index answered "not now" for this very article
  reason TEXT NOT NULL DEFAULT '',       -- what it said last
"""

# MIGRATIONS[v] brings a file from version v to v + 1, statement by statement.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        f"""CREATE TABLE waiting ({_LETTER}
              next_try REAL NOT NULL DEFAULT 0,
              claimed_by TEXT NOT NULL DEFAULT '',  -- who is sending it ...
              claimed_until REAL NOT NULL DEFAULT 0, -- ... and until when that is believed
              z BLOB NOT NULL                       -- deflated Article JSON; last, so that scans pass over it
            )""",
        "CREATE INDEX waiting_article ON waiting(article_id, seq)",
        "CREATE INDEX waiting_site ON waiting(site, first_seen)",
        "CREATE INDEX waiting_claimed ON waiting(claimed_by) WHERE claimed_by != ''",
        """CREATE TABLE waiting_link (               -- every identity hash that leads to a waiting article
              id TEXT NOT NULL,
              seq INTEGER NOT NULL REFERENCES waiting(seq) ON DELETE CASCADE,
              PRIMARY KEY (id, seq)
            ) WITHOUT ROWID""",
        "CREATE INDEX waiting_link_seq ON waiting_link(seq)",
        f"CREATE TABLE dead ({_LETTER} died REAL NOT NULL, z BLOB NOT NULL)",
        "CREATE INDEX dead_article ON dead(article_id)",
        """CREATE TABLE state (                      -- a copy of every state object written or read
              key TEXT PRIMARY KEY,
              value TEXT NOT NULL,                  -- JSON
              dirty INTEGER NOT NULL,               -- 1: the index does not have it yet
              claimed_by TEXT NOT NULL DEFAULT '',
              claimed_until REAL NOT NULL DEFAULT 0
            ) WITHOUT ROWID""",
        "CREATE INDEX state_dirty ON state(key) WHERE dirty = 1",
        """CREATE TABLE pause (                      -- the circuit breaker of all processes on this machine
              kind TEXT PRIMARY KEY,                -- 'read', 'state' or 'article': what the index did not do
              failures INTEGER NOT NULL,            -- in a row
              until REAL NOT NULL,
              reason TEXT NOT NULL
            ) WITHOUT ROWID""",
    ),
    (
        # 1: written by someone who could not read what the index has under this key
        "ALTER TABLE state ADD COLUMN apart INTEGER NOT NULL DEFAULT 0",
        # a state that the index would not take: until when it is left alone, and why
        "ALTER TABLE state ADD COLUMN next_try REAL NOT NULL DEFAULT 0",
        "ALTER TABLE state ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
    ),
)
VERSION = len(MIGRATIONS)
