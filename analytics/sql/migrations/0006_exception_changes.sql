-- What happened to exceptions: "how many opened per week, how long did they stay, who took care of them?"
-- Order: kind, then time. Partition: month of arrival; dropped three years after it.
CREATE TABLE IF NOT EXISTS exception_changes
(
    kind          LowCardinality(String),
    at            DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    seq           UInt64 CODEC(Delta, ZSTD(1)),
    exception_id  String CODEC(ZSTD(1)),
    subject       String CODEC(ZSTD(1)),
    change        LowCardinality(String),
    since         DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    title         String CODEC(ZSTD(1)),
    severity      LowCardinality(String),
    money_at_risk Int64 CODEC(T64, ZSTD(1)),
    deadline      DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    sku           String CODEC(ZSTD(1)),
    node          LowCardinality(String),
    channel       LowCardinality(String),
    order_id      String CODEC(ZSTD(1)),
    source        LowCardinality(String),
    actor         LowCardinality(String),
    received_at   DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (kind, at)
TTL toDateTime(received_at) + INTERVAL 3 YEAR
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_exception_changes TO exception_changes AS
SELECT e.2 AS kind, fromUnixTimestamp64Milli(e.5, 'UTC') AS at, seq, e.1 AS exception_id, e.3 AS subject, e.4 AS change,
       fromUnixTimestamp64Milli(e.6, 'UTC') AS since, e.7 AS title, e.8 AS severity, e.9 AS money_at_risk,
       fromUnixTimestamp64Milli(e.10, 'UTC') AS deadline, e.11 AS sku, e.12 AS node, e.13 AS channel, e.14 AS order_id,
       e.15 AS source, e.16 AS actor, fromUnixTimestamp64Milli(received_at, 'UTC') AS received_at
FROM facts
ARRAY JOIN exceptions AS e;
