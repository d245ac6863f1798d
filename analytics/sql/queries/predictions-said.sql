-- What was said about one subject, and what came of it? The newest first.
SELECT toUnixTimestamp64Milli(at) AS saidAt, toUnixTimestamp64Milli(horizon) AS horizonAt,
       argMin(probability, settled) AS said, argMin(uncorrected, settled) AS workedOut,
       max(settled) AS isSettled, max(happened) AS hasHappened,
       toUnixTimestamp64Milli(maxIf(received_at, settled)) AS settledAt
FROM predictions
WHERE prediction = {prediction:String} AND subject = {subject:String}
GROUP BY at, horizon
ORDER BY at DESC, horizon DESC
LIMIT {limit:UInt32}
