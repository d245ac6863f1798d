-- What came and went on one day leaves a sum of nothing, and still tells that the SKU has a record there: days keep such rows,
-- which a summing table drops. Made from the movements, because the hours have dropped theirs.
DROP VIEW IF EXISTS stock_hours_to_stock_days;

CREATE OR REPLACE TABLE stock_days
(
    day    DateTime('UTC') CODEC(Delta, ZSTD(1)),
    node   LowCardinality(String),
    place  LowCardinality(String),
    sku    String CODEC(ZSTD(1)),
    change SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (day, node, place, sku)
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1
AS SELECT toStartOfDay(toDateTime(at, 'UTC')) AS day, node, place, sku, sum(stock_changes.change) AS change
FROM stock_changes
GROUP BY day, node, place, sku;

CREATE MATERIALIZED VIEW IF NOT EXISTS stock_hours_to_stock_days TO stock_days AS
SELECT toStartOfDay(hour) AS day, node, place, sku, sum(stock_hours.change) AS change
FROM stock_hours
GROUP BY day, node, place, sku;
