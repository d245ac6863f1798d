-- Every event, as it was understood: what a rebuild folds again, and the answer to "what exactly did they tell us?".
--
-- Order: seq, the order of the log, which is how a rebuild reads and how timelines look events up.
-- Partition: the month of arrival. A block of new rows touches one or two of them whatever times the business wrote into
-- its events (a month of business time per partition would let one file with wrong dates refuse its whole batch).
-- No TTL: the states can only be rebuilt from all events.
-- fsync: an acknowledged insert survives the loss of power; Redis forgets its copy right afterwards.
-- The window remembers the tokens of the last inserts; only the newest range is ever repeated.
CREATE TABLE IF NOT EXISTS events
(
    seq         UInt64 CODEC(Delta, ZSTD(1)),
    id          String CODEC(ZSTD(1)),
    source      LowCardinality(String),
    type        LowCardinality(String),
    subject     String CODEC(ZSTD(1)),
    occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    observed_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    corrects    String CODEC(ZSTD(1)),
    data        String CODEC(ZSTD(1)),
    refused     String CODEC(ZSTD(1)),
    INDEX occurred_at_range occurred_at TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY seq
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_events TO events AS
SELECT seq, id, source, type, subject,
       fromUnixTimestamp64Milli(occurred_at, 'UTC') AS occurred_at,
       fromUnixTimestamp64Milli(observed_at, 'UTC') AS observed_at,
       fromUnixTimestamp64Milli(received_at, 'UTC') AS received_at,
       corrects, data, refused
FROM facts;

-- "Which events named this order (or this SKU)?" Only the way to the events: (subject, seq).
CREATE TABLE IF NOT EXISTS event_subjects
(
    subject String CODEC(ZSTD(1)),
    seq     UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (subject, seq)
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_event_subjects TO event_subjects AS
SELECT subject, seq FROM facts WHERE subject != '';

-- "Have we had this event before?", asked for hundreds of old events at a time, when Redis has forgotten their ids.
-- Ordered by a hash of (source, id) with small granules: each id costs one read of some 10 kB, however long the history.
-- Filters over the events could not do it: with hundreds of ids in the question, nearly every granule would match one.
CREATE TABLE IF NOT EXISTS event_identities
(
    hash   UInt64 CODEC(NONE),
    source LowCardinality(String),
    id     String CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY hash
SETTINGS index_granularity = 512, non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_event_identities TO event_identities AS
SELECT sipHash64(source, id) AS hash, source, id FROM facts;
