-- The steps in the life of orders and lines, counted at `at` in business time: what KPIs are made of. A step that turned
-- out untrue is taken back by a second row with sign -1, so every figure is a sum of sign * x.
--
-- Order: step, then time, as KPIs ask ("dispatched lines of last week"). Partition: month of arrival. The detail is
-- dropped three years after it arrived (by arrival: a replayed history of 2010 is as new as anything else); the minutes
-- below stay.
CREATE TABLE IF NOT EXISTS order_steps
(
    step        LowCardinality(String),
    at          DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    seq         UInt64 CODEC(Delta, ZSTD(1)),
    sign        Int8 CODEC(ZSTD(1)),
    order_id    String CODEC(ZSTD(1)),
    line        String CODEC(ZSTD(1)),
    sku         String CODEC(ZSTD(1)),
    channel     LowCardinality(String),
    node        LowCardinality(String),
    country     LowCardinality(String),
    currency    LowCardinality(String),
    quantity    Int64 CODEC(T64, ZSTD(1)),
    amount      Int64 CODEC(T64, ZSTD(1)),
    cost        Int64 CODEC(T64, ZSTD(1)),
    short       Int64 CODEC(T64, ZSTD(1)),
    placed_at   DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    ship_by     DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    duration_ms Int64 CODEC(T64, ZSTD(1)),
    cause       LowCardinality(String),
    source      LowCardinality(String),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (step, at)
TTL toDateTime(received_at) + INTERVAL 3 YEAR
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS facts_to_order_steps TO order_steps AS
SELECT s.2 AS step, fromUnixTimestamp64Milli(occurred_at + s.4, 'UTC') AS at, seq, s.3 AS sign,
       o.1 AS order_id, s.5 AS line, s.6 AS sku, o.2 AS channel, o.3 AS node, o.4 AS country, o.5 AS currency,
       s.7 AS quantity, s.8 AS amount, s.9 AS cost, s.10 AS short,
       fromUnixTimestamp64Milli(o.6, 'UTC') AS placed_at, fromUnixTimestamp64Milli(o.7, 'UTC') AS ship_by,
       s.11 AS duration_ms, s.12 AS cause, source,
       fromUnixTimestamp64Milli(received_at, 'UTC') AS received_at
FROM (SELECT seq, source, occurred_at, received_at, step_orders, s FROM facts ARRAY JOIN steps AS s)
ARRAY JOIN [step_orders[s.1]] AS o;

-- The same, summed per minute, channel, node, country, currency and cause, so that a year of a KPI is read in
-- milliseconds and outlives the detail. All sums carry the sign. `on_time` counts steps that were taken by their ship-by
-- (or had none), `filled` those that were not short. Not partitioned: business times may be any.
CREATE TABLE IF NOT EXISTS kpi_minutes
(
    step        LowCardinality(String),
    minute      DateTime('UTC') CODEC(Delta, ZSTD(1)),
    channel     LowCardinality(String),
    node        LowCardinality(String),
    country     LowCardinality(String),
    currency    LowCardinality(String),
    cause       LowCardinality(String),
    steps       Int64 CODEC(T64, ZSTD(1)),
    quantity    Int64 CODEC(T64, ZSTD(1)),
    amount      Int64 CODEC(T64, ZSTD(1)),
    cost        Int64 CODEC(T64, ZSTD(1)),
    short       Int64 CODEC(T64, ZSTD(1)),
    duration_ms Int64 CODEC(T64, ZSTD(1)),
    on_time     Int64 CODEC(T64, ZSTD(1)),
    filled      Int64 CODEC(T64, ZSTD(1))
)
ENGINE = SummingMergeTree((steps, quantity, amount, cost, short, duration_ms, on_time, filled))
ORDER BY (step, minute, channel, node, country, currency, cause)
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS order_steps_to_kpi_minutes TO kpi_minutes AS
SELECT step, toStartOfMinute(toDateTime(at)) AS minute, channel, node, country, currency, cause,
       sum(toInt64(sign)) AS steps,
       sum(sign * quantity) AS quantity, sum(sign * amount) AS amount, sum(sign * cost) AS cost,
       sum(sign * short) AS short, sum(sign * duration_ms) AS duration_ms,
       sum(sign * (toUnixTimestamp64Milli(ship_by) = 0 OR at <= ship_by)) AS on_time,
       sum(sign * (order_steps.short = 0)) AS filled
FROM order_steps
GROUP BY step, minute, channel, node, country, currency, cause;
