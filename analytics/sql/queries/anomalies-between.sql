-- Which figures stood outside of what was expected? Asked of the analysts' views.
SELECT toUnixTimestamp64Milli(at) AS moment, subject, any(title) AS words
FROM exception_changes
WHERE kind = 'kpi-anomaly' AND change = 'opened'
  AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY moment, subject
ORDER BY moment
LIMIT 500
