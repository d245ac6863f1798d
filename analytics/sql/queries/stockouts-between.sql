-- Which of the records that a stockout was predicted for ran out before a receipt came, in business time? It ran out when
-- nothing was left to promise (sellable - safety stock). `at` is a full hour. A record that had run out by then is left out.
WITH fromUnixTimestamp64Milli({at:Int64}, 'UTC') AS said, fromUnixTimestamp64Milli({horizon:Int64}, 'UTC') AS until,
asked AS (
    SELECT DISTINCT splitByChar('|', subject)[1] AS sku, splitByChar('|', subject)[2] AS node
    FROM predictions
    WHERE prediction = 'stockout' AND NOT settled AND horizon = until AND at = said
),
safety AS (
    SELECT JSONExtractString(data, 'sku') AS sku,
           argMax(JSONExtractInt(data, 'safetyStock'), (occurred_at, seq)) AS safety_stock
    FROM events
    WHERE type = 'item.defined' AND refused = '' AND JSONHas(data, 'safetyStock')
    GROUP BY sku
),
opening AS (
    SELECT sku, node, sum(change) AS units
    FROM stock_hours
    WHERE place = 'sellable' AND hour < toDateTime(said) AND sku IN (SELECT sku FROM asked) AND node != ''
    GROUP BY sku, node
),
moved AS (
    SELECT sku, entry.1 AS node, movements.at AS moved_at, seq, position, entry.2 AS change, entry.3 AS is_receipt
    FROM movements
    ARRAY JOIN [
        (from_node, if(from_place = 'sellable', -quantity, 0), false),
        (to_node, if(to_place = 'sellable', quantity, 0), from_place IN ('supplier', 'in-transit') AND to_place != 'in-transit')
    ] AS entry
    WHERE sku IN (SELECT sku FROM asked) AND moved_at >= said AND moved_at <= until
      AND entry.1 != '' AND (entry.2 != 0 OR entry.3)
),
levels AS (
    SELECT sku, node, moved_at, is_receipt, sum(change) OVER (PARTITION BY sku, node ORDER BY moved_at, seq, position) AS net
    FROM moved
)
SELECT concat(asked.sku, '|', asked.node) AS subject,
       minIfOrNull(moved_at, NOT is_receipt AND units + net <= safety_stock) AS ran_out_at,
       minIfOrNull(moved_at, is_receipt) AS receipt_at,
       ran_out_at IS NOT NULL AND (receipt_at IS NULL OR ran_out_at < receipt_at) AS happened
FROM asked
LEFT JOIN opening ON opening.sku = asked.sku AND opening.node = asked.node
LEFT JOIN safety ON safety.sku = asked.sku
LEFT JOIN levels ON levels.sku = asked.sku AND levels.node = asked.node
GROUP BY subject, units, safety_stock
HAVING units > safety_stock
