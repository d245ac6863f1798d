-- What people said of exceptions: was it worth telling? Also of those that were over when they were rated. Of each person the
-- newest about an exception holds.
-- Order: kind, then time, as exceptions are. Partition: month of arrival; dropped three years after it, with the exceptions.
CREATE TABLE IF NOT EXISTS exception_ratings
(
    kind         LowCardinality(String),
    at           DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    seq          UInt64 CODEC(Delta, ZSTD(1)),
    exception_id String CODEC(ZSTD(1)),
    subject      String CODEC(ZSTD(1)),
    useful       Bool,
    reason       String CODEC(ZSTD(1)),
    actor        LowCardinality(String),
    received_at  DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (kind, at)
TTL toDateTime(received_at) + INTERVAL 3 YEAR
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_exception_ratings TO exception_ratings AS
SELECT substring(name, 1, position(name, ':') - 1) AS kind, fromUnixTimestamp64Milli(occurred_at, 'UTC') AS at, seq,
       JSONExtractString(data, 'number') AS exception_id, substring(name, position(name, ':') + 1) AS subject,
       JSONExtractBool(data, 'useful') AS useful, JSONExtractString(data, 'reason') AS reason,
       JSONExtractString(data, 'by') AS actor, fromUnixTimestamp64Milli(received_at, 'UTC') AS received_at
FROM (SELECT seq, occurred_at, received_at, data, JSONExtractString(data, 'exception') AS name FROM facts
      WHERE type = 'exception.rated' AND refused = '');
