-- When had a record nothing left to promise (sellable - safety stock)? By the hour; times that reach into the asked ones.
WITH safety AS (
    SELECT JSONExtractString(data, 'sku') AS sku,
           argMax(JSONExtractInt(data, 'safetyStock'), (occurred_at, seq)) AS safety_stock
    FROM events
    WHERE type = 'item.defined' AND refused = '' AND JSONHas(data, 'safetyStock')
    GROUP BY sku
),
retired AS (SELECT sku FROM items FINAL WHERE NOT active),
levels AS (
    SELECT sku, node, hour, sum(units) OVER (PARTITION BY sku, node ORDER BY hour) <= safety_stock AS empty
    FROM (
        SELECT sku, node, hour, sum(change) AS units
        FROM stock_hours
        WHERE place = 'sellable' AND node != '' AND hour < toDateTime({to:UInt32}, 'UTC') AND sku NOT IN (SELECT sku FROM retired)
        GROUP BY sku, node, hour
    ) AS changes
    LEFT JOIN safety USING (sku)
),
turns AS (
    SELECT sku, node, hour, empty,
           lagInFrame(empty, 1, empty) OVER (PARTITION BY sku, node ORDER BY hour ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS was_empty
    FROM levels
)
SELECT sku, node, begins, ends
FROM (
    SELECT sku, node, empty, toUnixTimestamp(hour) AS begins,
           toUnixTimestamp(leadInFrame(hour) OVER (PARTITION BY sku, node ORDER BY hour ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING)) AS ends
    FROM turns
    WHERE empty != was_empty
)
WHERE empty AND (ends = 0 OR ends > {from:UInt32})
ORDER BY begins DESC
LIMIT {limit:UInt32}
