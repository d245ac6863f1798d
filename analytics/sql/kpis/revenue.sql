-- What are the orders worth that came in, edits included, in the workspace's currency?
SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(minute, {timeZone:String})), intDiv(toUnixTimestamp(minute), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       sum(amount) AS value
FROM kpi_minutes
WHERE step IN ('line-accepted', 'line-edited') AND currency = {currency:String}
  AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key
