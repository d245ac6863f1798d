-- How many orders took how long from acceptance to their last dispatch? Counted into the buckets whose lower bounds are given.
SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       indexOf({bounds:Array(Int64)}, roundDown(greatest(duration_ms, 0), {bounds:Array(Int64)})) - 1 AS bucket,
       sum(sign) AS count
FROM order_steps
WHERE step = 'order-completed'
  AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key, bucket
