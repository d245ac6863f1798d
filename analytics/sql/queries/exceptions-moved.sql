-- Which exceptions opened, were put away by people, or were over, since a moment, newest first?
SELECT exception_id AS id, title, severity, money_at_risk AS moneyAtRisk, toUnixTimestamp64Milli(at) AS at, change, actor, node
FROM exception_changes
WHERE exception_changes.at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
  AND change IN ('opened', 'resolved', 'dismissed', 'closed') AND ({node:String} = '' OR node = {node:String})
ORDER BY at DESC, seq DESC
LIMIT {limit:UInt32}
