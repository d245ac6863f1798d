-- Of which items were lines cancelled because the goods were not there? The first moment of each day.
SELECT sku, toUnixTimestamp64Milli(min(at)) AS cancelledAt, sum(sign * quantity) AS units
FROM order_steps
WHERE step = 'line-cancelled' AND cause = 'stock' AND at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
  AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
GROUP BY sku, toStartOfDay(at)
HAVING units > 0
