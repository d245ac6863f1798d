-- What was one unit of each item worth, and since when? Each row is a moving average that a receipt has moved, rounded to
-- the minor unit; -1 says that the standard cost of the item holds again. The newest row (by seq, then step: one event
-- may move it twice) is what holds now.
-- Order: the item. Kept for ever: without it the value of what is on hand could not be told.
CREATE TABLE IF NOT EXISTS item_costs
(
    sku         String CODEC(ZSTD(1)),
    seq         UInt64 CODEC(Delta, ZSTD(1)),
    step        UInt32 CODEC(ZSTD(1)),
    at          DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    unit_cost   Int64 CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (sku, seq, step)
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_item_costs TO item_costs AS
SELECT d.5 AS sku, seq, n AS step, fromUnixTimestamp64Milli(occurred_at + d.2, 'UTC') AS at, toInt64OrZero(d.7) AS unit_cost,
       fromUnixTimestamp64Milli(received_at, 'UTC') AS received_at
FROM facts
ARRAY JOIN decisions AS d, arrayEnumerate(decisions) AS n
WHERE d.1 = 'moving-average';
