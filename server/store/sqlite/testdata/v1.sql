PRAGMA application_id = 1399747692;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE sequence (
    last INTEGER NOT NULL
) STRICT;
INSERT INTO sequence VALUES(2);
CREATE TABLE clients (
    key           INTEGER PRIMARY KEY,
    project       TEXT NOT NULL,
    id            TEXT NOT NULL,
    sdk           TEXT,
    version       TEXT,
    service       TEXT,
    environment   TEXT,
    release       TEXT,
    first_seen    INTEGER NOT NULL,
    last_seen     INTEGER NOT NULL,
    clock_skew_ms INTEGER, -- of the last batch
    UNIQUE (project, id)
) STRICT;
CREATE TABLE sessions (
    key                INTEGER PRIMARY KEY,
    project            TEXT NOT NULL,
    id                 TEXT NOT NULL,
    name               TEXT,
    agent_name         TEXT,
    agent_version      TEXT,
    user_id            TEXT,
    conversation_id    TEXT,
    parent_session_id  TEXT,
    status             TEXT NOT NULL,
    summary            TEXT,
    created_at         INTEGER NOT NULL,
    closed_at          INTEGER,
    started            INTEGER NOT NULL, -- 1 once session_start has come
    last_received_at   INTEGER NOT NULL,
    events             INTEGER NOT NULL,
    errors             INTEGER NOT NULL,
    prompt_tokens      INTEGER NOT NULL,
    completion_tokens  INTEGER NOT NULL,
    total_tokens       INTEGER NOT NULL,
    cached_tokens      INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    reasoning_tokens   INTEGER NOT NULL,
    cost               INTEGER NOT NULL,
    costed             INTEGER NOT NULL, -- events whose cost is known
    UNIQUE (project, id)
) STRICT;
INSERT INTO sessions VALUES(1,'p','s1',NULL,NULL,NULL,NULL,NULL,NULL,'active',NULL,1000000005,NULL,0,2000000000,1,0,0,0,0,0,0,0,0,0);
CREATE TABLE session_contents (
    session_key INTEGER PRIMARY KEY,
    project     TEXT NOT NULL,
    encoding    INTEGER NOT NULL,
    body        BLOB NOT NULL
) STRICT;
CREATE TABLE session_facets (
    project     TEXT NOT NULL,
    facet       INTEGER NOT NULL, -- 1 model, 2 tool
    value       TEXT NOT NULL,
    session_key INTEGER NOT NULL,
    PRIMARY KEY (project, facet, value, session_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE events (
    position           INTEGER PRIMARY KEY,
    project            TEXT NOT NULL,
    id                 TEXT NOT NULL,
    session_key        INTEGER NOT NULL,
    client_key         INTEGER NOT NULL, -- 0 = the batch named no client
    type               TEXT NOT NULL,
    parent_id          TEXT,
    seq                INTEGER NOT NULL,
    timestamp          INTEGER NOT NULL,
    duration           INTEGER,
    status             TEXT,
    trace_id           TEXT,
    span_id            TEXT,
    model              TEXT,
    tool_name          TEXT,
    prompt_tokens      INTEGER,
    completion_tokens  INTEGER,
    total_tokens       INTEGER,
    cached_tokens      INTEGER,
    cache_write_tokens INTEGER,
    reasoning_tokens   INTEGER,
    cost               INTEGER,
    received_at        INTEGER NOT NULL,
    clock_skew_ms      INTEGER,
    UNIQUE (project, id)
) STRICT;
INSERT INTO events VALUES(2,'p','old',1,0,'step',NULL,0,1000000005,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,2000000000,NULL);
CREATE TABLE payloads (
    position INTEGER PRIMARY KEY,
    project  TEXT NOT NULL,
    encoding INTEGER NOT NULL, -- 0 as is, 1 zstd
    body     BLOB NOT NULL
) STRICT;
INSERT INTO payloads VALUES(2,'p',0,X'7b226964223a226f6c64227d');
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('events','events_by_session','1 1 1 1 1 1');
INSERT INTO sqlite_stat1 VALUES('events','sqlite_autoindex_events_1','1 1 1');
INSERT INTO sqlite_stat1 VALUES('sessions','sessions_by_conversation','0 0 0 0 0');
INSERT INTO sqlite_stat1 VALUES('sessions','sessions_by_user','0 0 0 0 0');
INSERT INTO sqlite_stat1 VALUES('sessions','sessions_by_agent','0 0 0 0 0');
INSERT INTO sqlite_stat1 VALUES('sessions','sessions_by_time','1 1 1 1');
INSERT INTO sqlite_stat1 VALUES('sessions','sqlite_autoindex_sessions_1','1 1 1');
ANALYZE sqlite_schema;
CREATE INDEX sessions_by_time ON sessions (project, created_at, id);
CREATE INDEX sessions_by_agent ON sessions (project, agent_name, created_at, id) WHERE agent_name IS NOT NULL;
CREATE INDEX sessions_by_user ON sessions (project, user_id, created_at, id) WHERE user_id IS NOT NULL;
CREATE INDEX sessions_by_conversation ON sessions (project, conversation_id, created_at, id) WHERE conversation_id IS NOT NULL;
CREATE INDEX events_by_session ON events (session_key, timestamp, client_key, seq, position);
COMMIT;
