-- When was an exception of this subject open, in a time (ms since 1970)? One that has not ended has no end, which is 0.
SELECT toUnixTimestamp64Milli(min(since)) AS began,
       toUnixTimestamp64Milli(maxIf(at, change = 'closed')) AS ended
FROM exception_changes
WHERE kind = 'kpi-anomaly' AND subject = {subject:String}
GROUP BY exception_id
HAVING began < {to:Int64} AND (ended = 0 OR ended > {from:Int64})
ORDER BY began
LIMIT 200
