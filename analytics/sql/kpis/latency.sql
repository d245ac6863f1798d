-- How often did this hop take how long? Processes report counts per histogram bucket, which add up.
SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(occurred_at, {timeZone:String})), intDiv(toUnixTimestamp(occurred_at), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       '' AS key,
       pair.1 AS bucket,
       sum(pair.2) AS count
FROM events
ARRAY JOIN JSONExtract(data, 'counts', 'Array(Tuple(UInt32, UInt64))') AS pair
WHERE type = 'latency.measured' AND refused = '' AND JSONExtractString(data, 'hop') = {hop:String}
  AND occurred_at >= toDateTime({from:UInt32}, 'UTC') AND occurred_at < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, bucket
