-- What did counts find, and how far beyond the tolerance? A count that was taken back says nothing.
SELECT sku, node, toUnixTimestamp64Milli(at) AS countedAt, max(abs(short)) AS beyond
FROM order_steps
WHERE step = 'record-counted' AND at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
  AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
GROUP BY sku, node, at
HAVING sum(sign) > 0
ORDER BY at DESC
LIMIT {limit:UInt32}
