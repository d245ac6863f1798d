-- Which waves were released lately, and how far are their orders? Orders nobody knows count as none.
SELECT wave, node, at, cutOff, by, source, count() AS named,
       countIf(status != '') AS orders, sum(lineCount) AS lines,
       countIf(has({waiting:Array(String)}, status)) AS waiting,
       countIf(status = 'released') AS released,
       countIf(status = 'picking') AS picking,
       countIf(has(['packed', 'part-dispatched'], status)) AS packed,
       countIf(status != '' AND NOT has({open:Array(String)}, status)) AS done
FROM (
  SELECT JSONExtractString(data, 'wave') AS wave, JSONExtractString(data, 'node') AS node, source,
         toUnixTimestamp64Milli(occurred_at) AS at, JSONExtractInt(data, 'cutOff') AS cutOff, JSONExtractString(data, 'by') AS by,
         arrayJoin(JSONExtract(data, 'orders', 'Array(String)')) AS order_id
  FROM events
  WHERE type = 'wave.released' AND refused = '' AND occurred_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND ({node:String} = '' OR JSONExtractString(data, 'node') = {node:String})
  ORDER BY seq DESC
  LIMIT {ordersMax:UInt32}
) AS named
LEFT JOIN (
  SELECT order_id, status, lines AS lineCount
  FROM orders FINAL
  WHERE placed_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
) AS known USING (order_id)
GROUP BY wave, node, at, cutOff, by, source
ORDER BY at DESC, wave
LIMIT {limit:UInt32}
