-- What stands at a moment is the sum of all that ever changed. These days keep that sum short; like the other levels they
-- are made in one statement each, so that a repeat counts nothing twice.

-- Net change per day, node, place and SKU. Order: the day first, because it is asked for all SKUs at once; the hours
-- beside it are asked for one SKU. Kept for good.
DROP VIEW IF EXISTS stock_hours_to_stock_days;

CREATE OR REPLACE TABLE stock_days
(
    day    DateTime('UTC') CODEC(Delta, ZSTD(1)),
    node   LowCardinality(String),
    place  LowCardinality(String),
    sku    String CODEC(ZSTD(1)),
    change Int64 CODEC(T64, ZSTD(1))
)
ENGINE = SummingMergeTree(change)
ORDER BY (day, node, place, sku)
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1
AS SELECT toStartOfDay(hour) AS day, node, place, sku, sum(change) AS change
FROM stock_hours
GROUP BY day, node, place, sku;

CREATE MATERIALIZED VIEW IF NOT EXISTS stock_hours_to_stock_days TO stock_days AS
SELECT toStartOfDay(hour) AS day, node, place, sku, sum(stock_hours.change) AS change
FROM stock_hours
GROUP BY day, node, place, sku;

-- Lines that came to be open less those that were closed, per day and by the quarter of an hour in which their order was
-- placed (quarters since 1970): how old open work is. What is opened and closed on one day leaves nothing. Kept for good.
DROP VIEW IF EXISTS order_steps_to_open_line_days;

CREATE OR REPLACE TABLE open_line_days
(
    day     DateTime('UTC') CODEC(Delta, ZSTD(1)),
    channel LowCardinality(String),
    node    LowCardinality(String),
    country LowCardinality(String),
    placed  UInt32 CODEC(Delta, ZSTD(1)),
    lines   Int64 CODEC(T64, ZSTD(1))
)
ENGINE = SummingMergeTree(lines)
ORDER BY (day, channel, node, country, placed)
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1
AS SELECT toStartOfDay(toDateTime(at, 'UTC')) AS day, channel, node, country, toUInt32(intDiv(toUnixTimestamp(placed_at), 900)) AS placed,
       sum(sign * if(step = 'line-opened', 1, -1)) AS lines
FROM order_steps
WHERE step IN ('line-opened', 'line-closed')
GROUP BY day, channel, node, country, placed;

CREATE MATERIALIZED VIEW IF NOT EXISTS order_steps_to_open_line_days TO open_line_days AS
SELECT toStartOfDay(toDateTime(at, 'UTC')) AS day, channel, node, country, toUInt32(intDiv(toUnixTimestamp(placed_at), 900)) AS placed,
       sum(sign * if(step = 'line-opened', 1, -1)) AS lines
FROM order_steps
WHERE step IN ('line-opened', 'line-closed')
GROUP BY day, channel, node, country, placed;
