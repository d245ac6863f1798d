-- How many orders due (whole) were dispatched by their promise (part)? Both count at the promise, hence the detail and not
-- the minutes; a minute that has not begun does not count yet.
SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(ship_by, {timeZone:String})), intDiv(toUnixTimestamp(ship_by), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       sumIf(sign, step = 'order-completed') AS part,
       sumIf(sign, step = 'order-due') AS whole
FROM order_steps
WHERE (step = 'order-due' OR (step = 'order-completed' AND at <= ship_by))
  AND ship_by >= toDateTime({from:UInt32}, 'UTC') AND ship_by < toDateTime({to:UInt32}, 'UTC')
  AND toUnixTimestamp64Milli(ship_by) > 0
  AND toStartOfMinute(ship_by) <= fromUnixTimestamp64Milli({now:Int64}, 'UTC')
GROUP BY start, key
