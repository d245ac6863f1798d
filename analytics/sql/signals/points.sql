-- What was judged of a series in a time, each bucket as it was judged last (moments in ms since 1970)?
SELECT toUnixTimestamp(at) * 1000 AS start, seconds, value, low, mid, high, score, alert, what
FROM signal_points FINAL
WHERE series = {series:String} AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
ORDER BY at
LIMIT {limit:UInt32}
