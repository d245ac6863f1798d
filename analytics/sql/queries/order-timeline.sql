-- What happened to this order? Every event that named it, in the order in which we learnt of them.
SELECT seq, source, type, data, refused,
       toUnixTimestamp64Milli(occurred_at) AS occurredAt, toUnixTimestamp64Milli(received_at) AS receivedAt
FROM events
WHERE seq IN (SELECT seq FROM event_subjects WHERE subject = {order:String} ORDER BY seq LIMIT {limit:UInt32})
  AND JSONExtractString(data, 'order') = {order:String}
ORDER BY seq
