-- What was the stock on hand worth at the end of each day (balance), what did the goods cost that left on it (cogs), and what
-- was left over of their price (margin)? At what a unit costs now; amounts of the workspace's currency. Days are local, and a
-- day without a movement has the balance of the day before.
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
changes AS (
    SELECT if({by:String} = 'node', node, '') AS key, greatest(toStartOfDay(hour, {timeZone:String}), since) AS day,
           sum(change * unit_cost) AS value
    FROM (
        SELECT sku, node, hour, change
        FROM stock_hours
        WHERE node != '' AND hour < until AND place IN ('sellable', 'allocated', 'quarantined', 'damaged', 'return-pending')
    ) AS moved
    LEFT JOIN costs USING (sku)
    GROUP BY key, day
),
levels AS (
    SELECT key, day AS begins, sum(value) OVER (PARTITION BY key ORDER BY day) AS balance,
           leadInFrame(day) OVER (PARTITION BY key ORDER BY day ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS following
    FROM changes
)
SELECT toUnixTimestamp(day) AS start, key, sum(balance) AS balance, sum(cogs) AS cogs, sum(margin) AS margin, sum(days) AS days
FROM (
    SELECT key, addDays(begins, n) AS day, balance, 0 AS cogs, 0 AS margin, 1 AS days
    FROM levels
    ARRAY JOIN range(toUInt32(greatest(0, dateDiff('day', begins, if(toUnixTimestamp(following) = 0, until, following), {timeZone:String})))) AS n
    UNION ALL
    SELECT if({by:String} = 'node', node, '') AS key, toStartOfDay(at, {timeZone:String}) AS day, 0 AS balance,
           sum(cost) AS cogs, sum(amount - cost) AS margin, 0 AS days
    FROM kpi_hours
    WHERE step = 'line-dispatched' AND clock = 'step' AND currency = {currency:String} AND at >= since AND at < until
    GROUP BY key, day
) AS daily
GROUP BY start, key
