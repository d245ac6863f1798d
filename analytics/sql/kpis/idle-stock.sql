-- What of the stock at the end of each day was excess, and what was aged, at what a unit costs now? Excess is what is on
-- hand beyond what sells within the horizon at the rate of the days before (rateDays) (told once a week is known) and beyond the
-- safety stock of its records; aged is what is on hand beyond all that came from outside since: what came first is taken to be
-- sold first, and a transfer makes nothing younger. Both per SKU over all nodes. Days are local.
WITH toDateTime({from:UInt32}, {timeZone:String}) AS since,
     addDays(toStartOfDay(toDateTime(least({to:UInt32} - 1, toUInt32(intDiv({now:Int64}, 1000))), {timeZone:String})), 1) AS until,
costs AS (
    SELECT sku, if(max(has_average) = 1 AND max(average) >= 0, max(average), max(standard)) AS unit_cost
    FROM (
        SELECT JSONExtractString(data, 'sku') AS sku, 0 AS has_average, -1 AS average,
               argMax(JSONExtractInt(data, 'unitCost'), (occurred_at, seq)) AS standard
        FROM events
        WHERE type = 'item.defined' AND refused = '' AND JSONHas(data, 'unitCost')
        GROUP BY sku
        UNION ALL
        SELECT sku, 1 AS has_average, argMax(unit_cost, (seq, step)) AS average, 0 AS standard
        FROM item_costs
        GROUP BY sku
    ) AS known
    GROUP BY sku
),
safety AS (
    SELECT JSONExtractString(data, 'sku') AS sku,
           argMax(JSONExtractInt(data, 'safetyStock'), (occurred_at, seq)) AS safety_stock
    FROM events
    WHERE type = 'item.defined' AND refused = '' AND JSONHas(data, 'safetyStock')
    GROUP BY sku
),
retired AS (SELECT sku FROM items FINAL WHERE NOT active),
categories AS (SELECT sku, category FROM items FINAL),
moved AS (
    SELECT sku, greatest(toStartOfDay(hour, {timeZone:String}), since) AS day, sum(change) AS units, uniqExact(node) AS nodes
    FROM stock_hours
    WHERE node != '' AND hour < until AND place IN ('sellable', 'allocated', 'quarantined', 'damaged', 'return-pending')
    GROUP BY sku, day
),
levels AS (
    SELECT sku, day AS begins, sum(units) OVER (PARTITION BY sku ORDER BY day) AS on_hand,
           leadInFrame(day) OVER (PARTITION BY sku ORDER BY day ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS following
    FROM moved
),
stood AS (
    SELECT sku, addDays(begins, n) AS day, on_hand
    FROM levels
    ARRAY JOIN range(toUInt32(greatest(0, dateDiff('day', begins, if(toUnixTimestamp(following) = 0, until, following), {timeZone:String})))) AS n
    WHERE on_hand > 0
),
places AS (
    SELECT sku, uniqExact(node) AS records, toStartOfDay(min(hour), {timeZone:String}) AS began
    FROM stock_hours
    WHERE node != '' AND hour < until
    GROUP BY sku
),
sold AS (
    SELECT sku, addDays(sold_on, n + 1) AS day, sum(units) AS sold
    FROM (
        SELECT sku, toStartOfDay(hour, {timeZone:String}) AS sold_on, sum(change) AS units
        FROM stock_hours
        WHERE node = '' AND place = 'customer' AND hour >= addDays(since, -{rateDays:UInt32}) AND hour < until
        GROUP BY sku, sold_on
    ) AS shipped
    ARRAY JOIN range({rateDays:UInt32}) AS n
    WHERE day >= since AND day < until
    GROUP BY sku, day
),
came AS (
    SELECT sku, addDays(came_on, n) AS day, sum(units) AS younger
    FROM (
        SELECT sku, toStartOfDay(hour, {timeZone:String}) AS came_on, greatest(0, -sumIf(change, place != 'customer')) AS units
        FROM stock_hours
        WHERE node = '' AND hour >= addDays(since, -{agedDays:UInt32}) AND hour < until
        GROUP BY sku, came_on
    ) AS received
    ARRAY JOIN range({agedDays:UInt32}) AS n
    WHERE day >= since AND day < until
    GROUP BY sku, day
)
SELECT toUnixTimestamp(day) AS start, if({by:String} = 'category', category, '') AS key,
       sum(unit_cost * if(known < least(7, {rateDays:UInt32}), 0, greatest(0, on_hand - ceil(greatest(0, sold) / known * {horizonDays:UInt32}) - safety_stock * records))) AS excess,
       sum(unit_cost * greatest(0, on_hand - younger)) AS aged
FROM (
    SELECT sku, day, on_hand, sold, younger, records,
           least({rateDays:UInt32}, greatest(0, dateDiff('day', began, day, {timeZone:String}))) AS known
    FROM stood
    LEFT JOIN sold USING (sku, day)
    LEFT JOIN came USING (sku, day)
    LEFT JOIN places USING (sku)
) AS standing
LEFT JOIN costs USING (sku)
LEFT JOIN safety USING (sku)
LEFT JOIN categories USING (sku)
GROUP BY start, key
