-- How did the number of open lines change, by the quarter of an hour in which their order was placed (slot)? Days make up the
-- past, steps the rest; what came before the first bucket has start 0.
SELECT 0 AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       placed AS slot,
       sum(lines) AS count
FROM open_line_days
WHERE day < toStartOfDay(toDateTime({from:UInt32}, 'UTC'))
GROUP BY key, slot
HAVING count != 0
UNION ALL
SELECT if(at < toDateTime({from:UInt32}, 'UTC'), 0, if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32})) AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       toUInt32(intDiv(toUnixTimestamp(placed_at), 900)) AS slot,
       sumIf(sign, step = 'line-opened') - sumIf(sign, step = 'line-closed') AS count
FROM order_steps
WHERE step IN ('line-opened', 'line-closed')
  AND at >= toStartOfDay(toDateTime({from:UInt32}, 'UTC')) AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key, slot
HAVING count != 0
