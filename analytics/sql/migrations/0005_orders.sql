-- Orders as they stand now, for lists and filters: the newest row of an order replaces the others (read with FINAL).
-- Order: when the order was placed, which never changes, then its id: lists show the newest first.
-- Not partitioned: rows of one order must meet to be merged. No TTL: one row per order.
CREATE TABLE IF NOT EXISTS orders
(
    placed_at     DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    order_id      String CODEC(ZSTD(1)),
    seq           UInt64 CODEC(Delta, ZSTD(1)),
    source        LowCardinality(String),
    channel       LowCardinality(String),
    node          LowCardinality(String),
    country       LowCardinality(String),
    currency      LowCardinality(String),
    customer      String CODEC(ZSTD(1)),
    status        LowCardinality(String),
    ship_by       DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    deliver_by    DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    dispatched_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    lines         UInt32 CODEC(T64, ZSTD(1)),
    units         Int64 CODEC(T64, ZSTD(1)),
    open_units    Int64 CODEC(T64, ZSTD(1)),
    amount        Int64 CODEC(T64, ZSTD(1)),
    cost          Int64 CODEC(T64, ZSTD(1))
)
ENGINE = ReplacingMergeTree(seq)
ORDER BY (placed_at, order_id)
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_orders TO orders AS
SELECT fromUnixTimestamp64Milli(o.9, 'UTC') AS placed_at, o.1 AS order_id, seq,
       o.2 AS source, o.3 AS channel, o.4 AS node, o.5 AS country, o.6 AS currency, o.7 AS customer, o.8 AS status,
       fromUnixTimestamp64Milli(o.10, 'UTC') AS ship_by, fromUnixTimestamp64Milli(o.11, 'UTC') AS deliver_by,
       fromUnixTimestamp64Milli(o.12, 'UTC') AS dispatched_at,
       o.13 AS lines, o.14 AS units, o.15 AS open_units, o.16 AS amount, o.17 AS cost
FROM facts
ARRAY JOIN orders AS o;
