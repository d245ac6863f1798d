-- How did the units on hand change? Days make up the past, movements the rest; what came before the first bucket has start 0.
SELECT 0 AS start, if({by:String} = 'node', node, '') AS key, sum(change) AS value
FROM stock_days
WHERE node != '' AND place IN ('sellable', 'allocated', 'quarantined', 'damaged', 'return-pending')
  AND day < toStartOfDay(toDateTime({from:UInt32}, 'UTC'))
GROUP BY key
HAVING count() > 0
UNION ALL
SELECT if(at < toDateTime({from:UInt32}, 'UTC'), 0, if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32})) AS start,
       if({by:String} = 'node', node, '') AS key,
       sum(change) AS value
FROM stock_changes
WHERE node != '' AND place IN ('sellable', 'allocated', 'quarantined', 'damaged', 'return-pending')
  AND at >= toStartOfDay(toDateTime({from:UInt32}, 'UTC')) AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key
