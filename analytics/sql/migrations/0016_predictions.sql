-- What was predicted, and what came of it: "how often did what was said come true?" A row when it is said, and one when it
-- is settled, which repeats what was said: so what is asked of settled ones needs no join.
-- Order: kind, stage, then up to when it counts, as reliability asks ("of what should have happened in the last 90 days").
-- Partition: month of arrival; dropped three years after it.
CREATE TABLE IF NOT EXISTS predictions
(
    prediction  LowCardinality(String),
    settled     Bool,
    horizon     DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    at          DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    subject     String CODEC(ZSTD(1)),
    among       String CODEC(ZSTD(1)),
    probability Float64 CODEC(ZSTD(1)),
    uncorrected Float64 CODEC(ZSTD(1)),
    happened    Bool,
    seq         UInt64 CODEC(Delta, ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    INDEX subjects subject TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (prediction, settled, horizon, at, subject)
TTL toDateTime(received_at) + INTERVAL 3 YEAR
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_predictions TO predictions AS
SELECT JSONExtractString(data, 'prediction') AS prediction, type = 'prediction.settled' AS settled,
       fromUnixTimestamp64Milli(JSONExtractInt(data, 'horizon'), 'UTC') AS horizon,
       fromUnixTimestamp64Milli(JSONExtractInt(data, 'at'), 'UTC') AS at,
       JSONExtractString(row, 'subject') AS subject, JSONExtractString(row, 'among') AS among,
       JSONExtractFloat(row, 'probability') AS probability,
       if(JSONHas(row, 'uncorrected'), JSONExtractFloat(row, 'uncorrected'), probability) AS uncorrected,
       JSONExtractBool(row, 'happened') AS happened, seq,
       fromUnixTimestamp64Milli(received_at, 'UTC') AS received_at
FROM facts
ARRAY JOIN JSONExtractArrayRaw(data, 'rows') AS row
WHERE type IN ('prediction.made', 'prediction.settled') AND refused = '';
