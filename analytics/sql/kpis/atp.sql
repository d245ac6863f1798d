-- How did the units change that are left to promise (sellable - safety stock)? A record counts with its first movement, and
-- its safety stock with it. What came before the first bucket has start 0.
WITH safety AS (
    SELECT JSONExtractString(data, 'sku') AS sku,
           argMax(JSONExtractInt(data, 'safetyStock'), (occurred_at, seq)) AS safety_stock
    FROM events
    WHERE type = 'item.defined' AND refused = '' AND JSONHas(data, 'safetyStock')
    GROUP BY sku
),
changes AS (
    SELECT sku, node, 0 AS start, sumIf(change, place = 'sellable') AS change
    FROM stock_days
    WHERE node != '' AND day < toStartOfDay(toDateTime({from:UInt32}, 'UTC'))
    GROUP BY sku, node
    UNION ALL
    SELECT sku, node, if(at < toDateTime({from:UInt32}, 'UTC'), 0, if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32})) AS start,
           sumIf(change, place = 'sellable') AS change
    FROM stock_changes
    WHERE node != '' AND at >= toStartOfDay(toDateTime({from:UInt32}, 'UTC')) AND at < toDateTime({to:UInt32}, 'UTC')
    GROUP BY sku, node, start
)
SELECT start, if({by:String} = 'node', node, '') AS key, sum(change - if(start = first, safety_stock, 0)) AS value
FROM (
    SELECT sku, node, start, sum(change) AS change, min(start) OVER (PARTITION BY sku, node) AS first
    FROM changes
    GROUP BY sku, node, start
) AS records
LEFT JOIN safety USING (sku)
GROUP BY start, key
