-- How did the number of SKU-node records change that have nothing left to promise (sellable - safety stock <= 0)? A record
-- begins with its first movement. Judged at the end of each bucket; what came before the first has start 0.
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
),
levels AS (
    SELECT sku, node, start, sum(sum(change)) OVER (PARTITION BY sku, node ORDER BY start) AS sellable
    FROM changes
    GROUP BY sku, node, start
),
judged AS (
    SELECT sku, node, start, toInt64(sellable <= safety_stock) AS short
    FROM levels
    LEFT JOIN safety USING (sku)
)
SELECT start, if({by:String} = 'node', node, '') AS key, sum(short - before) AS value
FROM (
    SELECT node, start, short,
           lagInFrame(short) OVER (PARTITION BY sku, node ORDER BY start ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
    FROM judged
)
GROUP BY start, key
