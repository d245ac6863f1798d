-- Which granules hold an event of this type at all? Definitions are few among millions: without this, a KPI that needs the
-- costs of items would read the type of every event there ever was.
ALTER TABLE events ADD INDEX IF NOT EXISTS types type TYPE set(64) GRANULARITY 1;
ALTER TABLE events MATERIALIZE INDEX types;

-- How long each hop took, as counts per bucket of analytics/kpis/histogram.ts: they are reported every few seconds, all over
-- the log. Dropped like the levels of the steps: minutes 400 days after they arrived, hours after five years.
CREATE OR REPLACE TABLE latency_minutes
(
    hop          LowCardinality(String),
    at           DateTime('UTC') CODEC(Delta, ZSTD(1)),
    counts       SimpleAggregateFunction(sumMap, Map(UInt32, UInt64)) CODEC(ZSTD(1)),
    last_arrival SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(last_arrival)
ORDER BY (hop, at)
TTL toDateTime(last_arrival) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1
AS SELECT JSONExtractString(data, 'hop') AS hop, toStartOfMinute(toDateTime(occurred_at)) AS at,
       sumMap(CAST(JSONExtract(data, 'counts', 'Array(Tuple(UInt32, UInt64))'), 'Map(UInt32, UInt64)')) AS counts,
       max(received_at) AS last_arrival
FROM events
WHERE type = 'latency.measured' AND refused = ''
GROUP BY hop, at;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_latency_minutes TO latency_minutes AS
SELECT JSONExtractString(data, 'hop') AS hop, toStartOfMinute(toDateTime(intDiv(occurred_at, 1000), 'UTC')) AS at,
       sumMap(CAST(JSONExtract(data, 'counts', 'Array(Tuple(UInt32, UInt64))'), 'Map(UInt32, UInt64)')) AS counts,
       fromUnixTimestamp64Milli(max(received_at), 'UTC') AS last_arrival
FROM facts
WHERE type = 'latency.measured' AND refused = ''
GROUP BY hop, at;

CREATE OR REPLACE TABLE latency_hours
(
    hop          LowCardinality(String),
    at           DateTime('UTC') CODEC(Delta, ZSTD(1)),
    counts       SimpleAggregateFunction(sumMap, Map(UInt32, UInt64)) CODEC(ZSTD(1)),
    last_arrival SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(last_arrival)
ORDER BY (hop, at)
TTL toDateTime(last_arrival) + INTERVAL 5 YEAR
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1
AS SELECT JSONExtractString(data, 'hop') AS hop, toStartOfHour(toDateTime(occurred_at)) AS at,
       sumMap(CAST(JSONExtract(data, 'counts', 'Array(Tuple(UInt32, UInt64))'), 'Map(UInt32, UInt64)')) AS counts,
       max(received_at) AS last_arrival
FROM events
WHERE type = 'latency.measured' AND refused = ''
GROUP BY hop, at;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_latency_hours TO latency_hours AS
SELECT JSONExtractString(data, 'hop') AS hop, toStartOfHour(toDateTime(intDiv(occurred_at, 1000), 'UTC')) AS at,
       sumMap(CAST(JSONExtract(data, 'counts', 'Array(Tuple(UInt32, UInt64))'), 'Map(UInt32, UInt64)')) AS counts,
       fromUnixTimestamp64Milli(max(received_at), 'UTC') AS last_arrival
FROM facts
WHERE type = 'latency.measured' AND refused = ''
GROUP BY hop, at;
