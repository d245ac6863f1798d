-- How often did this hop take how long? Counts per histogram bucket, of minutes where hours would lie in two buckets of time.
WITH {seconds:UInt32} = 60 OR {from:UInt32} % 3600 != 0 AS fine
SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       '' AS key,
       entry.1 AS bucket,
       sum(entry.2) AS count
FROM (
    SELECT at, counts FROM latency_hours
    WHERE NOT fine AND hop = {hop:String} AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
    UNION ALL
    SELECT at, counts FROM latency_minutes
    WHERE fine AND hop = {hop:String} AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
)
ARRAY JOIN CAST(counts, 'Array(Tuple(UInt32, UInt64))') AS entry
GROUP BY start, bucket
