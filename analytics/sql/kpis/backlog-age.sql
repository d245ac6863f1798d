-- How did the number of open lines change, by the quarter of an hour in which their order was placed (slot)? What came
-- before the first bucket has start 0. Lines older than two years are left out: their first steps may be gone already.
SELECT if(at < toDateTime({from:UInt32}, 'UTC'), 0, if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32})) AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       intDiv(toUnixTimestamp(placed_at), 900) AS slot,
       sumIf(sign, step = 'line-opened') - sumIf(sign, step = 'line-closed') AS count
FROM order_steps
WHERE step IN ('line-opened', 'line-closed') AND at < toDateTime({to:UInt32}, 'UTC')
  AND placed_at > toDateTime({to:UInt32}, 'UTC') - INTERVAL 2 YEAR
GROUP BY start, key, slot
HAVING count != 0
