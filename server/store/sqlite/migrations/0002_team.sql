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
    project  TEXT NOT NULL,
    id       TEXT NOT NULL,
    at       INTEGER NOT NULL,
    scrubbed INTEGER NOT NULL DEFAULT 0, -- 1 once the pages of the file were gone over for what is left of it, below 0 the run that does so
    PRIMARY KEY (project, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX erased_sessions_unscrubbed ON erased_sessions (at) WHERE scrubbed <= 0;

-- Sessions that are gone, and whose events are still to be removed.
CREATE TABLE removals (
    session_key INTEGER PRIMARY KEY,
    project     TEXT NOT NULL
) STRICT;
CREATE INDEX session_facets_by_session ON session_facets (session_key);

-- What comes under the id belongs to the session target, which is never itself an alias.
CREATE TABLE aliases (
    project TEXT NOT NULL,
    id      TEXT NOT NULL,
    target  TEXT NOT NULL,
    PRIMARY KEY (project, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_target ON aliases (project, target);

CREATE INDEX sessions_by_status ON sessions (project, status, created_at, id);

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
    last_at            INTEGER NOT NULL, -- the latest of the events, 0 for an agent; taken back only when all are gone
    PRIMARY KEY (project, facet, hour, value)
) STRICT, WITHOUT ROWID;

-- The words of the sessions' events, in sorted runs: which sessions have which word. No text is kept here.
CREATE TABLE search_segments (
    id     INTEGER PRIMARY KEY,
    level  INTEGER NOT NULL, -- how often its words were merged
    live   INTEGER NOT NULL, -- 1 once it is whole, 0 while it is written or when it has been merged, -1 while it is removed
    base   INTEGER NOT NULL, -- the smallest session key
    blocks INTEGER NOT NULL
) STRICT;
CREATE TABLE search_blocks (
    key     INTEGER PRIMARY KEY, -- segment * 2^24 + a number, in the order of words
    segment INTEGER NOT NULL,
    first   BLOB NOT NULL,       -- no word of the block is smaller, none of those before is larger
    body    BLOB NOT NULL
) STRICT;
CREATE INDEX search_blocks_by_word ON search_blocks (segment, first);

-- How far the events have been read for it, the last segment's id, and how often words were taken out.
CREATE TABLE search_state (
    position INTEGER NOT NULL,
    segment  INTEGER NOT NULL,
    purges   INTEGER NOT NULL
) STRICT;
INSERT INTO search_state (position, segment, purges) VALUES (0, 0, 0);

-- Which sessions are to be read anew, or are gone. Who joins or deletes sessions writes to the first; the second is what was taken over from it.
CREATE TABLE search_again (
    session_key INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE search_todo (
    session_key INTEGER PRIMARY KEY,
    gone        INTEGER NOT NULL -- 1 if its words are to be taken out
) STRICT;

-- Requests whose events are not made yet, and the parts of them that are done. An id is never given again.
CREATE TABLE inbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project     TEXT NOT NULL,
    signal      TEXT NOT NULL,
    form        INTEGER NOT NULL, -- how the body is written
    received_at INTEGER NOT NULL,
    size        INTEGER NOT NULL, -- of the body unpacked
    encoding    INTEGER NOT NULL,
    body        BLOB NOT NULL
) STRICT;
CREATE TABLE inbox_done (
    request INTEGER NOT NULL,
    part    BLOB NOT NULL,
    PRIMARY KEY (request, part)
) STRICT, WITHOUT ROWID;
