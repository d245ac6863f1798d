-- Which orders are there, the newest first? Empty texts, lists and zeros ask for all. `q` is part of the order's id or its customer's.
-- `due` is when an open order is due, on the clock of its node: `late`, `today`, `tomorrow`, `later`, `unpromised`; the days of
-- the nodes come as lists beside each other. `risk` asks for what is not packed yet and due by `riskUntil`.
SELECT order_id AS "order", channel, node, country, status, lines, units, open_units AS openUnits, amount, currency,
       toUnixTimestamp64Milli(placed_at) AS placedAt, toUnixTimestamp64Milli(ship_by) AS shipBy,
       toUnixTimestamp64Milli(dispatched_at) AS dispatchedAt
FROM orders FINAL
WHERE placed_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND placed_at <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  AND ({cursorOrder:String} = '' OR placed_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC') OR order_id < {cursorOrder:String})
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
ORDER BY placed_at DESC, order_id DESC
LIMIT {limit:UInt32}
