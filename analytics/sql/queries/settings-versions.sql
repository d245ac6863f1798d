-- How has this setting been defined over time? Definitions that took effect, newest first.
SELECT seq, source, data,
       toUnixTimestamp64Milli(occurred_at) AS occurredAt, toUnixTimestamp64Milli(received_at) AS receivedAt
FROM events
WHERE seq IN (SELECT seq FROM event_subjects WHERE subject = {subject:String})
  AND type = {type:String}
  AND refused = ''
ORDER BY seq DESC
LIMIT {limit:UInt32}
