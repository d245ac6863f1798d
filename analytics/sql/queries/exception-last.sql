-- How did an exception stand when something last happened to it? By its number, or by what it was
-- about (kind and subject): then the newest one.
SELECT seq, toUnixTimestamp64Milli(at) AS at, exception_id AS number, kind, subject, change, title, severity,
       money_at_risk AS moneyAtRisk, toUnixTimestamp64Milli(since) AS since, toUnixTimestamp64Milli(deadline) AS deadline,
       sku, node, channel, order_id AS "order", source, actor
FROM exception_changes
WHERE ({number:String} != '' AND exception_id = {number:String})
   OR ({number:String} = '' AND kind = {kind:String} AND subject = {subject:String})
ORDER BY seq DESC
LIMIT 1
