-- What a team needs: keys, exact replies to repeated requests, deletion, joined sessions, sums by the hour, and search.
-- From here on the encoding of a payload or of contents may also be 2, which is S2.

-- The text of a key is kept nowhere: it is 128 bits of chance and more, so that a plain hash is enough.
CREATE TABLE keys (
    id           TEXT PRIMARY KEY,
    project      TEXT NOT NULL,
    name         TEXT,
    prefix       TEXT NOT NULL UNIQUE, -- its first characters, which lists show
    hash         BLOB NOT NULL,        -- SHA-256 of the whole text
    scopes       TEXT NOT NULL,        -- with spaces between
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    revoked_at   INTEGER,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;

-- What was answered to a request that carried an idempotency key.
CREATE TABLE receipts (
    project TEXT NOT NULL,
    key     TEXT NOT NULL,
    hash    BLOB NOT NULL, -- SHA-256 of its events
    at      INTEGER NOT NULL,
    reply   BLOB NOT NULL,
    PRIMARY KEY (project, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_by_time ON receipts (at);

-- Sessions that somebody deleted: nothing more is taken for them. Of a deleted event its row stays, with session_key 0 and only its id.
CREATE TABLE erased_sessions (
    project TEXT NOT NULL,
    id      TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (project, id)
) STRICT, WITHOUT ROWID;

-- What comes under the id belongs to the session target, which is never itself an alias.
CREATE TABLE aliases (
    project TEXT NOT NULL,
    id      TEXT NOT NULL,
    target  TEXT NOT NULL,
    PRIMARY KEY (project, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_target ON aliases (project, target);

-- Sums by the hour, of one value of one facet.
CREATE TABLE rollups (
    project            TEXT NOT NULL,
    facet              INTEGER NOT NULL, -- 1 model, 2 tool, 3 event type, 4 agent
    hour               INTEGER NOT NULL, -- hours since 1970
    value              TEXT NOT NULL,
    sessions           INTEGER NOT NULL, -- of an agent
    events             INTEGER NOT NULL,
    errors             INTEGER NOT NULL,
    prompt_tokens      INTEGER NOT NULL,
    completion_tokens  INTEGER NOT NULL,
    total_tokens       INTEGER NOT NULL,
    cached_tokens      INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    reasoning_tokens   INTEGER NOT NULL,
    cost               INTEGER NOT NULL,
    costed             INTEGER NOT NULL,
    latency            BLOB, -- histogram of durations
    PRIMARY KEY (project, facet, hour, value)
) STRICT, WITHOUT ROWID;

-- The words of a session's events, once each: a row of some events, its rowid the session's key * 2^24 + a number. No text is kept here.
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

-- How far the events have been read for it, and which sessions are to be read anew.
CREATE TABLE search_state (
    position INTEGER NOT NULL
) STRICT;
INSERT INTO search_state (position) VALUES (0);
CREATE TABLE search_again (
    session_key INTEGER PRIMARY KEY
) STRICT;
