-- How many lines were cancelled for reasons of our own first (part), beside the lines accepted (whole)?
SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(minute, {timeZone:String})), intDiv(toUnixTimestamp(minute), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       sumIf(short, step = 'line-cancelled') AS part,
       sumIf(steps, step = 'line-accepted') AS whole
FROM kpi_minutes
WHERE (step = 'line-accepted' OR (step = 'line-cancelled' AND cause IN ('stock', 'fulfilment')))
  AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key
