-- How many lines were completed, and what do their lead times and the squares of these add up to, in days?
SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       multiIf({by:String} = 'node', node, {by:String} = 'supplier', cause, '') AS key,
       sum(sign) AS lines, sum(sign * duration_ms / 86400000) AS days, sum(sign * pow(duration_ms / 86400000, 2)) AS squares
FROM order_steps
WHERE step = 'supply-completed' AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key
