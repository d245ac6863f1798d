-- How many orders of a filter stand where, and what are they? The filter as in orders-page.sql, but for its statuses.
SELECT status, count() AS orders, sum(open_units) AS openUnits
FROM orders FINAL
WHERE placed_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND placed_at <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  AND ({channel:String} = '' OR channel = {channel:String})
  AND ({node:String} = '' OR node = {node:String})
  AND (empty({ids:Array(String)}) OR has({ids:Array(String)}, order_id))
  AND ({q:String} = '' OR positionCaseInsensitiveUTF8(order_id, {q:String}) > 0 OR positionCaseInsensitiveUTF8(customer, {q:String}) > 0)
  AND ({due:String} = '' OR (has({open:Array(String)}, status) AND {due:String} = multiIf(
        toUnixTimestamp64Milli(ship_by) = 0, 'unpromised',
        toUnixTimestamp64Milli(ship_by) <= {now:Int64}, 'late',
        toUnixTimestamp64Milli(ship_by) < arrayElement({todayEnds:Array(Int64)}, indexOf({nodes:Array(String)}, node) + 1), 'today',
        toUnixTimestamp64Milli(ship_by) < arrayElement({tomorrowEnds:Array(Int64)}, indexOf({nodes:Array(String)}, node) + 1), 'tomorrow',
        'later')))
  AND ({risk:UInt8} = 0 OR (has({unpacked:Array(String)}, status)
        AND toUnixTimestamp64Milli(ship_by) > {now:Int64} AND toUnixTimestamp64Milli(ship_by) <= {riskUntil:Int64}))
GROUP BY status
