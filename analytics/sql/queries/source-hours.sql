-- How much did a source tell per hour of business time, how much of it was refused, and how much came more than a quarter of
-- an hour after it had happened?
SELECT toUnixTimestamp(toStartOfHour(occurred_at)) * 1000 AS hour, count() AS events, countIf(refused != '') AS refused,
       countIf(received_at > occurred_at + INTERVAL 15 MINUTE) AS late
FROM events
WHERE source = {source:String}
  AND occurred_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND occurred_at <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
GROUP BY hour
ORDER BY hour
