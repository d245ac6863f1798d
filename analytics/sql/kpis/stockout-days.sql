-- Of how many stock records was nothing left to promise (sellable - safety stock) at the end of each day, and how many were
-- there? A record begins with its first movement. Weighed: by the units of its SKU that were ordered in the days before (rateDays).
-- Days are local.
WITH toDateTime({from:UInt32}, {timeZone:String}) AS since,
     addDays(toStartOfDay(toDateTime(least({to:UInt32} - 1, toUInt32(intDiv({now:Int64}, 1000))), {timeZone:String})), 1) AS until,
safety AS (
    SELECT JSONExtractString(data, 'sku') AS sku,
           argMax(JSONExtractInt(data, 'safetyStock'), (occurred_at, seq)) AS safety_stock
    FROM events
    WHERE type = 'item.defined' AND refused = '' AND JSONHas(data, 'safetyStock')
    GROUP BY sku
),
retired AS (SELECT sku FROM items FINAL WHERE NOT active),
changes AS (
    SELECT sku, node, greatest(toStartOfDay(hour, {timeZone:String}), since) AS day, sumIf(change, place = 'sellable') AS units
    FROM stock_hours
    WHERE node != '' AND hour < until AND sku NOT IN (SELECT sku FROM retired)
    GROUP BY sku, node, day
),
levels AS (
    SELECT sku, node, day AS begins, sum(units) OVER (PARTITION BY sku, node ORDER BY day) AS sellable,
           leadInFrame(day) OVER (PARTITION BY sku, node ORDER BY day ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS following
    FROM changes
),
ordered AS (
    SELECT sku, addDays(ordered_on, n + 1) AS day, sum(units) AS weight
    FROM (
        SELECT sku, toStartOfDay(toDateTime(at), {timeZone:String}) AS ordered_on, sum(sign * quantity) AS units
        FROM order_steps
        WHERE step = 'line-accepted' AND at >= addDays(since, -{rateDays:UInt32}) AND at < until
        GROUP BY sku, ordered_on
    ) AS demand
    ARRAY JOIN range({rateDays:UInt32}) AS n
    WHERE day >= since AND day < until
    GROUP BY sku, day
),
records AS (
    SELECT sku, node, addDays(begins, n) AS day, sellable
    FROM levels
    ARRAY JOIN range(toUInt32(greatest(0, dateDiff('day', begins, if(toUnixTimestamp(following) = 0, until, following), {timeZone:String})))) AS n
)
SELECT toUnixTimestamp(day) AS start, if({by:String} = 'node', node, '') AS key, count() AS records,
       countIf(sellable <= safety_stock) AS out, sum(weight) AS demand, sumIf(weight, sellable <= safety_stock) AS demand_out
FROM records
LEFT JOIN safety USING (sku)
LEFT JOIN ordered USING (sku, day)
GROUP BY start, key
