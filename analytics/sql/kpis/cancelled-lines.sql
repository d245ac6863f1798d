-- How many lines were cancelled for this cause first? `short` is 1 on the first cancellation of a line.
SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(minute, {timeZone:String})), intDiv(toUnixTimestamp(minute), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       sum(short) AS value
FROM kpi_minutes
WHERE step = 'line-cancelled' AND cause = {cause:String}
  AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key
