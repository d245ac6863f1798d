-- How many units were for sale at the end of each day, and how many were ordered in the days up to it (rateDays) (in how many days
-- on record)? Days are local.
WITH toDateTime({from:UInt32}, {timeZone:String}) AS since,
     addDays(toStartOfDay(toDateTime(least({to:UInt32} - 1, toUInt32(intDiv({now:Int64}, 1000))), {timeZone:String})), 1) AS until,
changes AS (
    SELECT if({by:String} = 'node', node, '') AS key, greatest(toStartOfDay(hour, {timeZone:String}), since) AS day, sum(change) AS units
    FROM stock_hours
    WHERE node != '' AND place = 'sellable' AND hour < until
    GROUP BY key, day
),
levels AS (
    SELECT key, day AS begins, sum(units) OVER (PARTITION BY key ORDER BY day) AS available,
           leadInFrame(day) OVER (PARTITION BY key ORDER BY day ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS following
    FROM changes
),
record AS (
    SELECT toStartOfDay(min(at), {timeZone:String}) AS began
    FROM kpi_hours
    WHERE step = 'order-accepted' AND clock = 'step'
)
SELECT toUnixTimestamp(day) AS start, key, sum(available) AS available, sum(ordered) AS ordered,
       max(least({rateDays:UInt32}, dateDiff('day', (SELECT began FROM record), day, {timeZone:String}) + 1)) AS days
FROM (
    SELECT key, addDays(begins, n) AS day, available, 0 AS ordered
    FROM levels
    ARRAY JOIN range(toUInt32(greatest(0, dateDiff('day', begins, if(toUnixTimestamp(following) = 0, until, following), {timeZone:String})))) AS n
    UNION ALL
    SELECT key, addDays(ordered_on, n) AS day, 0 AS available, ordered
    FROM (
        SELECT if({by:String} = 'node', node, '') AS key, toStartOfDay(at, {timeZone:String}) AS ordered_on, sum(quantity) AS ordered
        FROM kpi_hours
        WHERE step = 'line-accepted' AND clock = 'step' AND at >= addDays(since, 1 - toInt32({rateDays:UInt32})) AND at < until
        GROUP BY key, ordered_on
    ) AS demand
    ARRAY JOIN range({rateDays:UInt32}) AS n
    WHERE day >= since AND day < until
) AS daily
GROUP BY start, key
