-- How many accepted lines (whole) went beyond what could be promised (part: those that were short)?
SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(minute, {timeZone:String})), intDiv(toUnixTimestamp(minute), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       sum(steps) - sum(filled) AS part,
       sum(steps) AS whole
FROM kpi_minutes
WHERE step = 'line-accepted'
  AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key
