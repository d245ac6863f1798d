-- How did the value of the stock on hand change, at what a unit of each item is worth now: its moving average (-1: it has
-- none), else its standard cost? A definition without a cost leaves the one before it standing. What came before the
-- first bucket has start 0.
WITH costs AS (
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
)
SELECT start, key, sum(change * unit_cost) AS value
FROM (
    SELECT sku, 0 AS start, if({by:String} = 'node', node, '') AS key, sum(change) AS change
    FROM stock_days
    WHERE node != '' AND place IN ('sellable', 'allocated', 'quarantined', 'damaged', 'return-pending')
      AND day < toStartOfDay(toDateTime({from:UInt32}, 'UTC'))
    GROUP BY sku, key
    UNION ALL
    SELECT sku, if(at < toDateTime({from:UInt32}, 'UTC'), 0, if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32})) AS start,
           if({by:String} = 'node', node, '') AS key, sum(change) AS change
    FROM stock_changes
    WHERE node != '' AND place IN ('sellable', 'allocated', 'quarantined', 'damaged', 'return-pending')
      AND at >= toStartOfDay(toDateTime({from:UInt32}, 'UTC')) AND at < toDateTime({to:UInt32}, 'UTC')
    GROUP BY sku, start, key
) AS changes
LEFT JOIN costs USING (sku)
GROUP BY start, key
