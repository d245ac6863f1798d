-- Which SKUs were ordered most in a time, in units?
SELECT sku, sum(sign * quantity) AS units
FROM order_steps
WHERE step = 'line-accepted' AND sku != ''
  AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY sku
HAVING units > 0
ORDER BY units DESC, sku
LIMIT {limit:UInt32}
