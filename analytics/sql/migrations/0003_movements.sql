-- Stock as double entry: every movement once, with both its places. `node` is empty for the places outside of the
-- company. "Why is this number 37?" is asked per SKU, hence the order; seq keeps the order in which we learnt of them.
-- Partition by the month of arrival, no TTL: balances are the sum of all movements since the first.
CREATE TABLE IF NOT EXISTS movements
(
    sku         String CODEC(ZSTD(1)),
    seq         UInt64 CODEC(Delta, ZSTD(1)),
    position    UInt32 CODEC(Delta, ZSTD(1)),
    at          DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    from_node   LowCardinality(String),
    from_place  LowCardinality(String),
    to_node     LowCardinality(String),
    to_place    LowCardinality(String),
    quantity    Int64 CODEC(T64, ZSTD(1)),
    reason      String CODEC(ZSTD(1)),
    order_id    String CODEC(ZSTD(1)),
    line        String CODEC(ZSTD(1)),
    source      LowCardinality(String),
    event_type  LowCardinality(String),
    INDEX at_range at TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (sku, seq, position)
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_movements TO movements AS
SELECT m.2 AS sku, seq, toUInt32(position) AS position,
       fromUnixTimestamp64Milli(occurred_at + m.1, 'UTC') AS at,
       fromUnixTimestamp64Milli(received_at, 'UTC') AS received_at,
       m.3 AS from_node, m.4 AS from_place, m.5 AS to_node, m.6 AS to_place, m.7 AS quantity,
       m.8 AS reason, m.9 AS order_id, m.10 AS line, source, type AS event_type
FROM facts
ARRAY JOIN movements AS m, arrayEnumerate(movements) AS position;

-- The same with one signed row per place, for everything that adds up. Over all places of a SKU it sums to zero.
CREATE VIEW IF NOT EXISTS stock_changes AS
SELECT sku, seq, position, at, received_at, entry.1 AS node, entry.2 AS place, entry.3 AS change,
       reason, order_id, line, source, event_type
FROM movements
ARRAY JOIN [(from_node, from_place, -quantity), (to_node, to_place, quantity)] AS entry;

-- Net change per hour of business time, SKU and place: stock over months without reading every movement.
CREATE TABLE IF NOT EXISTS stock_hours
(
    sku    String CODEC(ZSTD(1)),
    node   LowCardinality(String),
    place  LowCardinality(String),
    hour   DateTime('UTC') CODEC(Delta, ZSTD(1)),
    change Int64 CODEC(T64, ZSTD(1))
)
ENGINE = SummingMergeTree(change)
ORDER BY (sku, node, place, hour)
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_stock_hours TO stock_hours AS
SELECT m.2 AS sku, entry.1 AS node, entry.2 AS place,
       toStartOfHour(toDateTime(intDiv(occurred_at + m.1, 1000), 'UTC')) AS hour,
       sum(entry.3) AS change
FROM (SELECT occurred_at, m FROM facts ARRAY JOIN movements AS m)
ARRAY JOIN [(m.3, m.4, -m.7), (m.5, m.6, m.7)] AS entry
GROUP BY sku, node, place, hour;
