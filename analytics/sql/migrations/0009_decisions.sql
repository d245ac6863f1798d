-- What policies chose and what others were told to do: "why did this order ship from there, and what did that beat?"
-- Columns of the arriving lists, in order:
--   decisions     policy, after, order, line, sku, node, outcome, inputs (JSON)
--   instructions  id, kind, recipient, after, body (JSON)
ALTER TABLE facts
    ADD COLUMN IF NOT EXISTS decisions Array(Tuple(String, Int64, String, String, String, String, String, String)),
    ADD COLUMN IF NOT EXISTS instructions Array(Tuple(String, String, String, Int64, String));

-- Order: the order and the SKU it was decided for, because that is how it is asked. Dropped a year after arrival.
CREATE TABLE IF NOT EXISTS decisions
(
    order_id    String CODEC(ZSTD(1)),
    sku         String CODEC(ZSTD(1)),
    at          DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    seq         UInt64 CODEC(Delta, ZSTD(1)),
    policy      LowCardinality(String),
    line        String CODEC(ZSTD(1)),
    node        LowCardinality(String),
    outcome     String CODEC(ZSTD(1)),
    inputs      String CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (order_id, sku, seq)
TTL toDateTime(received_at) + INTERVAL 1 YEAR
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_decisions TO decisions AS
SELECT d.3 AS order_id, d.5 AS sku, fromUnixTimestamp64Milli(occurred_at + d.2, 'UTC') AS at, seq, d.1 AS policy, d.4 AS line,
       d.6 AS node, d.7 AS outcome, d.8 AS inputs, fromUnixTimestamp64Milli(received_at, 'UTC') AS received_at
FROM facts
ARRAY JOIN decisions AS d;

-- Order: the time, for the log of what went out. Dropped three years after arrival, like the exceptions that led to it.
CREATE TABLE IF NOT EXISTS instructions
(
    at             DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    instruction_id String CODEC(ZSTD(1)),
    seq            UInt64 CODEC(Delta, ZSTD(1)),
    kind           LowCardinality(String),
    recipient      LowCardinality(String),
    body           String CODEC(ZSTD(1)),
    received_at    DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (at, instruction_id)
TTL toDateTime(received_at) + INTERVAL 3 YEAR
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_instructions TO instructions AS
SELECT fromUnixTimestamp64Milli(occurred_at + i.4, 'UTC') AS at, i.1 AS instruction_id, seq, i.2 AS kind, i.3 AS recipient, i.5 AS body,
       fromUnixTimestamp64Milli(received_at, 'UTC') AS received_at
FROM facts
ARRAY JOIN instructions AS i;
