-- What was this level measured as? Of each bucket the newest measurement (last = 1), or all of them. Rows tell the two sides of
-- the figure per value of the one dimension it is measured by.
SELECT start, if({by:String} = '', '', row.1) AS key, sum(row.2) AS part, sum(row.3) AS whole
FROM (
    SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(occurred_at, {timeZone:String})), intDiv(toUnixTimestamp(occurred_at), {seconds:UInt32}) * {seconds:UInt32}) AS start,
           occurred_at, max(occurred_at) OVER (PARTITION BY start) AS newest,
           JSONExtract(data, 'rows', 'Array(Tuple(key String, part Float64, whole Float64))') AS rows
    FROM events
    WHERE type = 'kpi.measured' AND refused = '' AND JSONExtractString(data, 'kpi') = {kpi:String}
      AND occurred_at >= toDateTime({from:UInt32}, 'UTC') AND occurred_at < toDateTime({to:UInt32}, 'UTC')
) AS measured
ARRAY JOIN rows AS row
WHERE {last:UInt8} = 0 OR occurred_at = newest
GROUP BY start, key
