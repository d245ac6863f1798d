-- What is open at each node, by when it is due on the clock of the node, and how far is it? Lists as in orders-page.sql.
SELECT node,
       multiIf(
         toUnixTimestamp64Milli(ship_by) = 0, 'unpromised',
         toUnixTimestamp64Milli(ship_by) <= {now:Int64}, 'late',
         toUnixTimestamp64Milli(ship_by) < arrayElement({todayEnds:Array(Int64)}, indexOf({nodes:Array(String)}, node) + 1), 'today',
         toUnixTimestamp64Milli(ship_by) < arrayElement({tomorrowEnds:Array(Int64)}, indexOf({nodes:Array(String)}, node) + 1), 'tomorrow',
         'later') AS due,
       status, count() AS orders, sum(lines) AS lineCount, sum(open_units) AS openUnits,
       countIf(has({unpacked:Array(String)}, status) AND toUnixTimestamp64Milli(ship_by) > {now:Int64}
         AND toUnixTimestamp64Milli(ship_by) <= {riskUntil:Int64}) AS atRisk,
       minIf(toUnixTimestamp64Milli(ship_by), toUnixTimestamp64Milli(ship_by) > 0) AS firstDue
FROM orders FINAL
WHERE placed_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND has({open:Array(String)}, status)
GROUP BY node, due, status
