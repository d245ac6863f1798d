-- What happened to this order? The events that named it, newest first, a page at a time.
SELECT seq, id, source, type, data, refused,
       toUnixTimestamp64Milli(occurred_at) AS occurredAt, toUnixTimestamp64Milli(received_at) AS receivedAt
FROM events
WHERE seq IN (SELECT seq FROM event_subjects WHERE subject = {order:String} AND seq < {before:UInt64} ORDER BY seq DESC LIMIT {limit:UInt32})
  AND JSONExtractString(data, 'order') = {order:String}
ORDER BY seq DESC
