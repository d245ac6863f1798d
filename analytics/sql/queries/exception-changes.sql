-- What happened to the exception of this number, with the event behind each change, newest first?
WITH page AS
    (
        SELECT seq, at, change, title, severity, money_at_risk, actor
        FROM exception_changes
        WHERE exception_id = {number:String} AND seq < {before:UInt64}
        ORDER BY seq DESC
        LIMIT {limit:UInt32}
    )
SELECT page.seq AS seq, toUnixTimestamp64Milli(page.at) AS at, change, title, severity, money_at_risk AS moneyAtRisk, actor,
       known.id AS id, known.source AS source, known.type AS type, known.data AS data,
       toUnixTimestamp64Milli(known.received_at) AS receivedAt
FROM page
LEFT ANY JOIN (SELECT seq, id, source, type, data, received_at FROM events WHERE seq IN (SELECT seq FROM page)) AS known
    ON known.seq = page.seq
ORDER BY page.seq DESC
