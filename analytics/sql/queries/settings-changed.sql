-- Which policies, terms of KPIs and settings of the workspace took effect in this time?
SELECT seq, type, data, toUnixTimestamp64Milli(occurred_at) AS at
FROM events
WHERE type IN ('policy.defined', 'kpi.terms-set') AND refused = ''
  AND occurred_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND occurred_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
ORDER BY seq DESC
LIMIT {limit:UInt32}
