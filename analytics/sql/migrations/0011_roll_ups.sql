-- Sums of the steps at three levels (minute, hour and day, all in UTC), so that any time of a KPI is read in milliseconds.
-- The levels have the same columns. What arrives is summed to minutes once, and each level passes its sums on to the next.
--
-- clock: which time a step counts at.
--   step      its own
--   promise   the ship-by, for steps that have one: figures of what was due
--   overdue   when open work passed its promise (or came to be open or closed after it), for what opens and closes
-- A question names one clock, or it counts a step twice.
--
-- All sums carry the sign. on_time counts steps taken by their ship-by (or without one), filled those that were not short.
-- durations holds counts per bucket of analytics/kpis/histogram.ts, named by the ms at which it begins; the first, from 0,
-- is not in it but is what is left of steps. Counts and not quantile states: they can be taken back, they add up, and they
-- are the very ones of the live figures.
-- unique_orders, unique_skus: of which the step was ever told. A step taken back stays in: a set forgets nothing.
-- arrivals are rows of either sign, last_arrival is when the last one came. late counts those that came a quarter of an
-- hour or more after the end of their bucket, by the minute of arrival (minutes since 1970). So whoever adds buckets up to
-- a longer one can tell how many were late for that: the ones whose minute begins a quarter of an hour after its end.
--
-- Late rows merge into their old bucket, and a row is as new as its newest arrival: levels are dropped by arrival
-- (minutes after 400 days, hours after five years, days never), so a replayed history of 2010 is as new as anything.
-- Order: step and clock, then time, as KPIs ask. Not partitioned by business time, which may be any.

-- Where the bucket of the duration begins, in ms. The bounds are those of analytics/kpis/histogram.ts.
ALTER TABLE order_steps
    ADD COLUMN IF NOT EXISTS duration_floor Int64 DEFAULT toInt64(roundDown(toUInt64(greatest(duration_ms, 0)), [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
        30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 52, 54, 56, 58, 60, 62,
        64, 66, 68, 70, 72, 74, 76, 79, 82, 85, 88, 91, 94, 97, 100, 104, 108, 112, 116, 120, 124, 128, 133, 138,
        143, 148, 153, 159, 165, 171, 177, 184, 191, 198, 205, 213, 221, 229, 238, 247, 256, 266, 276, 287, 298, 309,
        321, 333, 346, 359, 373, 387, 402, 418, 434, 451, 469, 487, 506, 526, 547, 568, 590, 613, 637, 662, 688, 715,
        743, 772, 802, 834, 867, 901, 937, 974, 1012, 1052, 1094, 1137, 1182, 1229, 1278, 1329, 1382, 1437, 1494,
        1553, 1615, 1679, 1746, 1815, 1887, 1962, 2040, 2121, 2205, 2293, 2384, 2479, 2578, 2681, 2788, 2899, 3014,
        3134, 3259, 3389, 3524, 3664, 3810, 3962, 4120, 4284, 4455, 4633, 4818, 5010, 5210, 5418, 5634, 5859, 6093,
        6336, 6589, 6852, 7126, 7411, 7707, 8015, 8335, 8668, 9014, 9374, 9748, 10137, 10542, 10963, 11401, 11857,
        12331, 12824, 13336, 13869, 14423, 14999, 15598, 16221, 16869, 17543, 18244, 18973, 19731, 20520, 21340,
        22193, 23080, 24003, 24963, 25961, 26999, 28078, 29201, 30369, 31583, 32846, 34159, 35525, 36946, 38423,
        39959, 41557, 43219, 44947, 46744, 48613, 50557, 52579, 54682, 56869, 59143, 61508, 63968, 66526, 69187,
        71954, 74832, 77825, 80938, 84175, 87542, 91043, 94684, 98471, 102409, 106505, 110765, 115195, 119802,
        124594, 129577, 134760, 140150, 145756, 151586, 157649, 163954, 170512, 177332, 184425, 191802, 199474,
        207452, 215750, 224380, 233355, 242689, 252396, 262491, 272990, 283909, 295265, 307075, 319358, 332132,
        345417, 359233, 373602, 388546, 404087, 420250, 437060, 454542, 472723, 491631, 511296, 531747, 553016,
        575136, 598141, 622066, 646948, 672825, 699738, 727727, 756836, 787109, 818593, 851336, 885389, 920804,
        957636, 995941, 1035778, 1077209, 1120297, 1165108, 1211712, 1260180, 1310587, 1363010, 1417530, 1474231,
        1533200, 1594528, 1658309, 1724641, 1793626, 1865371, 1939985, 2017584, 2098287, 2182218, 2269506, 2360286,
        2454697, 2552884, 2654999, 2761198, 2871645, 2986510, 3105970, 3230208, 3359416, 3493792, 3633543, 3778884,
        3930039, 4087240, 4250729, 4420758, 4597588, 4781491, 4972750, 5171660, 5378526, 5593667, 5817413, 6050109,
        6292113, 6543797, 6805548, 7077769, 7360879, 7655314, 7961526, 8279987, 8611186, 8955633, 9313858, 9686412,
        10073868, 10476822, 10895894, 11331729, 11784998, 12256397, 12746652, 13256518, 13786778, 14338249, 14911778,
        15508249, 16128578, 16773721, 17444669, 18142455, 18868153, 19622879, 20407794, 21224105, 22073069, 22955991,
        23874230, 24829199, 25822366, 26855260, 27929470, 29046648, 30208513, 31416853, 32673527, 33980468, 35339686,
        36753273, 38223403, 39752339, 41342432, 42996129, 44715974, 46504612, 48364796, 50299387, 52311362, 54403816,
        56579968, 58843166, 61196892, 63644767, 66190557, 68838179, 71591706, 74455374, 77433588, 80530931, 83752168,
        87102254, 90586344, 94209797, 97978188, 101897315, 105973207, 110212135, 114620620, 119205444, 123973661,
        128932607, 134089911, 139453507, 145031647, 150832912, 156866228, 163140877, 169666512, 176453172, 183511298,
        190851749, 198485818, 206425250, 214682260, 223269550, 232200332, 241488345, 251147878, 261193793, 271641544,
        282507205, 293807493, 305559792, 317782183, 330493470, 343713208, 357461736, 371760205, 386630613, 402095837,
        418179670, 434906856, 452303130, 470395255, 489211065, 508779507, 529130687, 550295914, 572307750, 595200060,
        619008062, 643768384, 669519119, 696299883, 724151878, 753117953, 783242671, 814572377, 847155272, 881041482,
        916283141, 952934466, 991051844, 1030693917, 1071921673, 1114798539, 1159390480, 1205766099, 1253996742,
        1304156611, 1356322875, 1410575790, 1466998821, 1525678773, 1586705923, 1650174159, 1716181125, 1784828370,
        1856221504, 1930470364, 2007689178, 2087996745, 2171516614, 2258377278, 2348712369, 2442660863, 2540367297,
        2641981988, 2747661267, 2857567717, 2971870425, 3090745242, 3214375051, 3342950053, 3476668055, 3615734777,
        3760364168, 3910778734, 4067209883, 4229898278, 4399094209, 4575057977, 4758060296, 4948382707, 5146318015,
        5352170735, 5566257564, 5788907866, 6020464180, 6261282747, 6511734056, 6772203418, 7043091554, 7324815216,
        7617807824, 7922520136, 8239420941, 8568997778, 8911757689, 9268227996, 9638957115, 10024515399, 10425496014,
        10842515854, 11276216488, 11727265147, 12196355752, 12684209982, 13191578381, 13719241516, 14268011176,
        14838731623, 15432280887, 16049572122, 16691555006, 17359217206, 18053585894, 18775729329, 19526758502,
        20307828842, 21120141995, 21964947674, 22843545580, 23757287403, 24707578899, 25695882054, 26723717336,
        27792666029, 28904372670, 30060547576, 31262969479, 32513488258, 33814027788, 35166588899
    ])) CODEC(T64, ZSTD(1)),
    ADD INDEX IF NOT EXISTS ship_by_range ship_by TYPE minmax GRANULARITY 1;

-- Each step once per clock: what the levels sum, for those who ask without them.
CREATE OR REPLACE VIEW order_step_clocks AS
SELECT step, sign, clocked.1 AS clock, clocked.2 AS moment, order_id, sku, channel, node, country, currency, cause,
       quantity, amount, cost, short, duration_ms, duration_floor,
       toUnixTimestamp64Milli(ship_by) = 0 OR at <= ship_by AS on_time, received_at
FROM order_steps
ARRAY JOIN arrayConcat(
    [('step', at)],
    if(toUnixTimestamp64Milli(ship_by) > 0, [('promise', ship_by)], []),
    if(toUnixTimestamp64Milli(ship_by) > 0 AND step IN ('order-opened', 'order-closed', 'line-opened', 'line-closed'),
       [('overdue', greatest(at, ship_by + INTERVAL 1 MILLISECOND))], [])) AS clocked;

-- What there was before: minutes without clocks, lateness and states. The views go first, and each level is filled from the
-- steps as it is made, in one statement that puts the whole table in its place: a repeat does it anew, and nothing is
-- counted twice. No history is written meanwhile.
DROP VIEW IF EXISTS order_steps_to_kpi_minutes;
DROP VIEW IF EXISTS kpi_minutes_to_kpi_hours;
DROP VIEW IF EXISTS kpi_hours_to_kpi_days;

CREATE OR REPLACE TABLE kpi_minutes
(
    step          LowCardinality(String),
    clock         LowCardinality(String),
    at            DateTime('UTC') CODEC(Delta, ZSTD(1)),
    channel       LowCardinality(String),
    node          LowCardinality(String),
    country       LowCardinality(String),
    currency      LowCardinality(String),
    cause         LowCardinality(String),
    steps         SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    quantity      SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    amount        SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    cost          SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    short         SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    duration_ms   SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    on_time       SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    filled        SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    durations     SimpleAggregateFunction(sumMap, Map(Int64, Int64)) CODEC(ZSTD(1)),
    unique_orders AggregateFunction(uniqCombined64(14), String) CODEC(ZSTD(1)),
    unique_skus   AggregateFunction(uniqCombined64(14), String) CODEC(ZSTD(1)),
    arrivals      SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    last_arrival  SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)),
    late          SimpleAggregateFunction(sumMap, Map(UInt32, UInt64)) CODEC(ZSTD(1)),
    minute        DateTime('UTC') ALIAS at
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(last_arrival)
ORDER BY (step, clock, at, channel, node, country, currency, cause)
TTL toDateTime(last_arrival) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1
AS SELECT step, clock, toStartOfMinute(toDateTime(moment, 'UTC')) AS at, channel, node, country, currency, cause,
       sum(toInt64(sign)) AS steps, sum(sign * rows.quantity) AS quantity, sum(sign * rows.amount) AS amount,
       sum(sign * rows.cost) AS cost, sum(sign * rows.short) AS short, sum(sign * rows.duration_ms) AS duration_ms,
       sum(sign * toInt64(rows.on_time)) AS on_time, sum(sign * toInt64(rows.short = 0)) AS filled,
       sumMap(if(duration_floor > 0, map(duration_floor, toInt64(sign)), map())) AS durations,
       uniqCombined64State(14)(order_id) AS unique_orders, uniqCombined64StateIf(14)(sku, sku != '') AS unique_skus,
       count() AS arrivals, max(received_at) AS last_arrival,
       sumMap(if(toUnixTimestamp(received_at) >= toUnixTimestamp(toStartOfMinute(toDateTime(moment, 'UTC'))) + 60 + 900,
                 map(toUInt32(intDiv(toUnixTimestamp(received_at), 60)), toUInt64(1)), map())) AS late
FROM order_step_clocks AS rows
GROUP BY step, clock, at, channel, node, country, currency, cause
SETTINGS max_bytes_before_external_group_by = 500000000;

CREATE MATERIALIZED VIEW IF NOT EXISTS order_steps_to_kpi_minutes TO kpi_minutes AS
SELECT step, clock, toStartOfMinute(toDateTime(moment, 'UTC')) AS at, channel, node, country, currency, cause,
       sum(toInt64(sign)) AS steps, sum(sign * rows.quantity) AS quantity, sum(sign * rows.amount) AS amount,
       sum(sign * rows.cost) AS cost, sum(sign * rows.short) AS short, sum(sign * rows.duration_ms) AS duration_ms,
       sum(sign * toInt64(rows.on_time)) AS on_time, sum(sign * toInt64(rows.short = 0)) AS filled,
       sumMap(if(duration_floor > 0, map(duration_floor, toInt64(sign)), map())) AS durations,
       uniqCombined64State(14)(order_id) AS unique_orders, uniqCombined64StateIf(14)(sku, sku != '') AS unique_skus,
       count() AS arrivals, max(received_at) AS last_arrival,
       sumMap(if(toUnixTimestamp(received_at) >= toUnixTimestamp(toStartOfMinute(toDateTime(moment, 'UTC'))) + 60 + 900,
                 map(toUInt32(intDiv(toUnixTimestamp(received_at), 60)), toUInt64(1)), map())) AS late
FROM (
    SELECT step, sign, clocked.1 AS clock, clocked.2 AS moment, order_id, sku, channel, node, country, currency, cause,
           quantity, amount, cost, short, duration_ms, duration_floor,
           toUnixTimestamp64Milli(ship_by) = 0 OR at <= ship_by AS on_time, received_at
    FROM order_steps
    ARRAY JOIN arrayConcat(
        [('step', at)],
        if(toUnixTimestamp64Milli(ship_by) > 0, [('promise', ship_by)], []),
        if(toUnixTimestamp64Milli(ship_by) > 0 AND step IN ('order-opened', 'order-closed', 'line-opened', 'line-closed'),
           [('overdue', greatest(at, ship_by + INTERVAL 1 MILLISECOND))], [])) AS clocked
) AS rows
GROUP BY step, clock, at, channel, node, country, currency, cause;

CREATE OR REPLACE TABLE kpi_hours
(
    step          LowCardinality(String),
    clock         LowCardinality(String),
    at            DateTime('UTC') CODEC(Delta, ZSTD(1)),
    channel       LowCardinality(String),
    node          LowCardinality(String),
    country       LowCardinality(String),
    currency      LowCardinality(String),
    cause         LowCardinality(String),
    steps         SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    quantity      SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    amount        SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    cost          SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    short         SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    duration_ms   SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    on_time       SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    filled        SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    durations     SimpleAggregateFunction(sumMap, Map(Int64, Int64)) CODEC(ZSTD(1)),
    unique_orders AggregateFunction(uniqCombined64(14), String) CODEC(ZSTD(1)),
    unique_skus   AggregateFunction(uniqCombined64(14), String) CODEC(ZSTD(1)),
    arrivals      SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    last_arrival  SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)),
    late          SimpleAggregateFunction(sumMap, Map(UInt32, UInt64)) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(last_arrival)
ORDER BY (step, clock, at, channel, node, country, currency, cause)
TTL toDateTime(last_arrival) + INTERVAL 5 YEAR
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1
AS SELECT step, clock, toStartOfHour(toDateTime(moment, 'UTC')) AS at, channel, node, country, currency, cause,
       sum(toInt64(sign)) AS steps, sum(sign * rows.quantity) AS quantity, sum(sign * rows.amount) AS amount,
       sum(sign * rows.cost) AS cost, sum(sign * rows.short) AS short, sum(sign * rows.duration_ms) AS duration_ms,
       sum(sign * toInt64(rows.on_time)) AS on_time, sum(sign * toInt64(rows.short = 0)) AS filled,
       sumMap(if(duration_floor > 0, map(duration_floor, toInt64(sign)), map())) AS durations,
       uniqCombined64State(14)(order_id) AS unique_orders, uniqCombined64StateIf(14)(sku, sku != '') AS unique_skus,
       count() AS arrivals, max(received_at) AS last_arrival,
       sumMap(if(toUnixTimestamp(received_at) >= toUnixTimestamp(toStartOfHour(toDateTime(moment, 'UTC'))) + 3600 + 900,
                 map(toUInt32(intDiv(toUnixTimestamp(received_at), 60)), toUInt64(1)), map())) AS late
FROM order_step_clocks AS rows
GROUP BY step, clock, at, channel, node, country, currency, cause
SETTINGS max_bytes_before_external_group_by = 500000000;

CREATE MATERIALIZED VIEW IF NOT EXISTS kpi_minutes_to_kpi_hours TO kpi_hours AS
SELECT step, clock, toStartOfHour(finer.at) AS at, channel, node, country, currency, cause,
       sum(finer.steps) AS steps, sum(finer.quantity) AS quantity, sum(finer.amount) AS amount, sum(finer.cost) AS cost,
       sum(finer.short) AS short, sum(finer.duration_ms) AS duration_ms, sum(finer.on_time) AS on_time,
       sum(finer.filled) AS filled, sumMap(finer.durations) AS durations,
       uniqCombined64MergeState(14)(finer.unique_orders) AS unique_orders,
       uniqCombined64MergeState(14)(finer.unique_skus) AS unique_skus,
       sum(finer.arrivals) AS arrivals, max(finer.last_arrival) AS last_arrival,
       sumMap(mapFilter((minute, n) -> minute * 60 >= toUnixTimestamp(toStartOfHour(finer.at)) + 3600 + 900, finer.late)) AS late
FROM kpi_minutes AS finer
GROUP BY step, clock, at, channel, node, country, currency, cause;

CREATE OR REPLACE TABLE kpi_days
(
    step          LowCardinality(String),
    clock         LowCardinality(String),
    at            DateTime('UTC') CODEC(Delta, ZSTD(1)),
    channel       LowCardinality(String),
    node          LowCardinality(String),
    country       LowCardinality(String),
    currency      LowCardinality(String),
    cause         LowCardinality(String),
    steps         SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    quantity      SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    amount        SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    cost          SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    short         SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    duration_ms   SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    on_time       SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    filled        SimpleAggregateFunction(sum, Int64) CODEC(T64, ZSTD(1)),
    durations     SimpleAggregateFunction(sumMap, Map(Int64, Int64)) CODEC(ZSTD(1)),
    unique_orders AggregateFunction(uniqCombined64(14), String) CODEC(ZSTD(1)),
    unique_skus   AggregateFunction(uniqCombined64(14), String) CODEC(ZSTD(1)),
    arrivals      SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    last_arrival  SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)),
    late          SimpleAggregateFunction(sumMap, Map(UInt32, UInt64)) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (step, clock, at, channel, node, country, currency, cause)
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1
AS SELECT step, clock, toStartOfDay(toDateTime(moment, 'UTC')) AS at, channel, node, country, currency, cause,
       sum(toInt64(sign)) AS steps, sum(sign * rows.quantity) AS quantity, sum(sign * rows.amount) AS amount,
       sum(sign * rows.cost) AS cost, sum(sign * rows.short) AS short, sum(sign * rows.duration_ms) AS duration_ms,
       sum(sign * toInt64(rows.on_time)) AS on_time, sum(sign * toInt64(rows.short = 0)) AS filled,
       sumMap(if(duration_floor > 0, map(duration_floor, toInt64(sign)), map())) AS durations,
       uniqCombined64State(14)(order_id) AS unique_orders, uniqCombined64StateIf(14)(sku, sku != '') AS unique_skus,
       count() AS arrivals, max(received_at) AS last_arrival,
       sumMap(if(toUnixTimestamp(received_at) >= toUnixTimestamp(toStartOfDay(toDateTime(moment, 'UTC'))) + 86400 + 900,
                 map(toUInt32(intDiv(toUnixTimestamp(received_at), 60)), toUInt64(1)), map())) AS late
FROM order_step_clocks AS rows
GROUP BY step, clock, at, channel, node, country, currency, cause
SETTINGS max_bytes_before_external_group_by = 500000000;

CREATE MATERIALIZED VIEW IF NOT EXISTS kpi_hours_to_kpi_days TO kpi_days AS
SELECT step, clock, toStartOfDay(finer.at) AS at, channel, node, country, currency, cause,
       sum(finer.steps) AS steps, sum(finer.quantity) AS quantity, sum(finer.amount) AS amount, sum(finer.cost) AS cost,
       sum(finer.short) AS short, sum(finer.duration_ms) AS duration_ms, sum(finer.on_time) AS on_time,
       sum(finer.filled) AS filled, sumMap(finer.durations) AS durations,
       uniqCombined64MergeState(14)(finer.unique_orders) AS unique_orders,
       uniqCombined64MergeState(14)(finer.unique_skus) AS unique_skus,
       sum(finer.arrivals) AS arrivals, max(finer.last_arrival) AS last_arrival,
       sumMap(mapFilter((minute, n) -> minute * 60 >= toUnixTimestamp(toStartOfDay(finer.at)) + 86400 + 900, finer.late)) AS late
FROM kpi_hours AS finer
GROUP BY step, clock, at, channel, node, country, currency, cause;
