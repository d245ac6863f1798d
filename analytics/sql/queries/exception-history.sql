-- What happened to this exception? Its changes with the event behind each, newest first.
WITH page AS
    (
        SELECT seq, at, change, title, severity, money_at_risk, actor
        FROM exception_changes
        WHERE kind = {kind:String} AND subject = {subject:String} AND seq < {before:UInt64}
        ORDER BY seq DESC
        LIMIT {limit:UInt32}
    )
SELECT page.seq AS seq, toUnixTimestamp64Milli(page.at) AS at, change, title, severity, money_at_risk AS moneyAtRisk, actor,
       known.id AS id, known.source AS source, known.type AS type, toUnixTimestamp64Milli(known.received_at) AS receivedAt
FROM page
LEFT ANY JOIN (SELECT seq, id, source, type, received_at FROM events WHERE seq IN (SELECT seq FROM page)) AS known ON known.seq = page.seq
ORDER BY page.seq DESC
