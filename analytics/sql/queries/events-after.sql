-- The next events in the order of the log, to fold them again.
SELECT seq, id, source, type, corrects, data,
       toUnixTimestamp64Milli(occurred_at) AS occurredAt,
       toUnixTimestamp64Milli(observed_at) AS observedAt,
       toUnixTimestamp64Milli(received_at) AS receivedAt
FROM events
WHERE seq > {after:UInt64} AND seq <= {to:UInt64}
ORDER BY seq
LIMIT {limit:UInt32}
