-- "Who sent how much, and when did we last hear of them?", per minute of arrival. Dropped after 400 days, which leaves a
-- year to compare with.
CREATE TABLE IF NOT EXISTS source_activity
(
    source        LowCardinality(String),
    minute        DateTime('UTC') CODEC(Delta, ZSTD(1)),
    events        SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    refused       SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    last_received SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    last_occurred SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (source, minute)
TTL minute + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_source_activity TO source_activity AS
SELECT source, toStartOfMinute(toDateTime(intDiv(received_at, 1000), 'UTC')) AS minute,
       count() AS events, countIf(facts.refused != '') AS refused,
       fromUnixTimestamp64Milli(max(facts.received_at), 'UTC') AS last_received,
       fromUnixTimestamp64Milli(max(facts.occurred_at), 'UTC') AS last_occurred
FROM facts
GROUP BY source, minute;
