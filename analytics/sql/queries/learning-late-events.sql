-- Which events came more than ten minutes after they had happened, by source and by the five minutes in which they had?
SELECT source, toUnixTimestamp(toStartOfFiveMinutes(occurred_at)) AS slot, count() AS events
FROM events
WHERE source IN {sources:Array(String)} AND occurred_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
  AND occurred_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND received_at > occurred_at + INTERVAL 10 MINUTE
GROUP BY source, slot
