-- How many units of these SKUs were ordered, per hour (seconds since 1970)? Edits count when they were made.
SELECT toUnixTimestamp(toStartOfHour(at)) AS start, sku, sum(sign * quantity) AS units
FROM order_steps
WHERE step IN ('line-accepted', 'line-edited') AND sku IN ({skus:Array(String)})
  AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, sku
