-- Which orders come first when they are sorted by when they are due (the soonest first) or by their amount (the largest first)?
-- The rest as in orders-page.sql. Orders without a promise come last.
SELECT order_id AS "order", channel, node, country, status, lines, units, open_units AS openUnits, amount, currency,
       toUnixTimestamp64Milli(placed_at) AS placedAt, toUnixTimestamp64Milli(ship_by) AS shipBy,
       toUnixTimestamp64Milli(dispatched_at) AS dispatchedAt,
       if({sort:String} = 'amount', amount, if(toUnixTimestamp64Milli(ship_by) = 0, -9000000000000, -toUnixTimestamp64Milli(ship_by))) AS sortKey
FROM orders FINAL
WHERE placed_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND placed_at <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  AND ({cursorOrder:String} = '' OR (sortKey, order_id) < ({cursorKey:Int64}, {cursorOrder:String}))
  AND ({channel:String} = '' OR channel = {channel:String})
  AND (empty({statuses:Array(String)}) OR has({statuses:Array(String)}, status))
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
ORDER BY sortKey DESC, order_id DESC
LIMIT {limit:UInt32}
