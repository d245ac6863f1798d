-- When was which source silent, in a time (ms since 1970)? One that has not ended has no end, which is 0. It is called silent a
-- quarter of an hour after it was heard last, or later: what lies between is not known either.
SELECT subject AS source, toUnixTimestamp64Milli(min(since)) - 900000 AS began,
       toUnixTimestamp64Milli(maxIf(at, change IN ('resolved', 'closed'))) AS ended
FROM exception_changes
WHERE kind = 'source-silent' AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY source, exception_id
