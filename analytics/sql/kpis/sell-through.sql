-- How many units were on hand when each day began (opening), how many came from suppliers in it, and how many were shipped to
-- customers? Days are local; what comes back is not taken off.
WITH toDateTime({from:UInt32}, {timeZone:String}) AS since,
     addDays(toStartOfDay(toDateTime(least({to:UInt32} - 1, toUInt32(intDiv({now:Int64}, 1000))), {timeZone:String})), 1) AS until,
categories AS (SELECT sku, category FROM items FINAL),
changes AS (
    SELECT if({by:String} = 'category', category, '') AS key,
           if(hour < since, addDays(since, -1), toStartOfDay(hour, {timeZone:String})) AS day, sum(change) AS units
    FROM (
        SELECT sku, hour, change
        FROM stock_hours
        WHERE node != '' AND hour < until AND place IN ('sellable', 'allocated', 'quarantined', 'damaged', 'return-pending')
    ) AS moved
    LEFT JOIN categories USING (sku)
    GROUP BY key, day
),
levels AS (
    SELECT key, day AS begins, sum(units) OVER (PARTITION BY key ORDER BY day) AS held,
           leadInFrame(day) OVER (PARTITION BY key ORDER BY day ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS following
    FROM changes
)
SELECT toUnixTimestamp(day) AS start, key, sum(opening) AS opening, sum(received) AS received, sum(sold) AS sold
FROM (
    SELECT key, addDays(begins, n + 1) AS day, held AS opening, 0 AS received, 0 AS sold
    FROM levels
    ARRAY JOIN range(toUInt32(greatest(0, dateDiff('day', begins, if(toUnixTimestamp(following) = 0, addDays(until, -1), following), {timeZone:String})))) AS n
    UNION ALL
    SELECT if({by:String} = 'category', category, '') AS key, toStartOfDay(hour, {timeZone:String}) AS day, 0 AS opening, -sum(change) AS received, 0 AS sold
    FROM (SELECT sku, hour, change FROM stock_hours WHERE node = '' AND place = 'supplier' AND hour >= since AND hour < until) AS came
    LEFT JOIN categories USING (sku)
    GROUP BY key, day
    UNION ALL
    SELECT if({by:String} = 'category', category, '') AS key, toStartOfDay(at, {timeZone:String}) AS day, 0 AS opening, 0 AS received, sum(units) AS sold
    FROM (SELECT sku, toDateTime(at) AS at, sign * quantity AS units FROM order_steps WHERE step = 'line-dispatched' AND at >= since AND at < until) AS went
    LEFT JOIN categories USING (sku)
    GROUP BY key, day
) AS daily
GROUP BY start, key
