-- When was a source silent? From when it was called silent to when it was heard again, the newest first.
SELECT exception_id AS exception, toUnixTimestamp64Milli(min(since)) AS since,
       toUnixTimestamp64Milli(maxIf(at, change = 'resolved')) AS endedAt
FROM exception_changes
WHERE kind = 'source-silent' AND subject = {source:String} AND at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
GROUP BY exception_id
ORDER BY since DESC
LIMIT {limit:UInt32}
