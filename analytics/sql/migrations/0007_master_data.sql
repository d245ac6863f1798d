-- Items as they are defined now: names for lists, prices and costs for values. The newest definition by business time
-- replaces the others, whatever the order of arrival (read with FINAL).
CREATE TABLE IF NOT EXISTS items
(
    sku          String CODEC(ZSTD(1)),
    defined_at   DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    seq          UInt64 CODEC(Delta, ZSTD(1)),
    name         String CODEC(ZSTD(1)),
    category     LowCardinality(String),
    unit_cost    Int64 CODEC(T64, ZSTD(1)),
    unit_price   Int64 CODEC(T64, ZSTD(1)),
    safety_stock Int64 CODEC(T64, ZSTD(1)),
    abc          LowCardinality(String),
    active       Bool
)
ENGINE = ReplacingMergeTree(defined_at)
ORDER BY sku
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_items TO items AS
SELECT JSONExtractString(data, 'sku') AS sku, fromUnixTimestamp64Milli(occurred_at, 'UTC') AS defined_at, seq,
       JSONExtractString(data, 'name') AS name, JSONExtractString(data, 'category') AS category,
       JSONExtractInt(data, 'unitCost') AS unit_cost, JSONExtractInt(data, 'unitPrice') AS unit_price,
       JSONExtractInt(data, 'safetyStock') AS safety_stock, JSONExtractString(data, 'abc') AS abc,
       JSONExtractBool(data, 'active') AS active
FROM facts
WHERE type = 'item.defined' AND refused = '';
