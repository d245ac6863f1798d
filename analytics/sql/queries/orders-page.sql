-- Which orders are there, the newest first? Empty texts and zeros ask for all. `q` is part of the order's id or its customer's.
SELECT order_id AS "order", channel, node, country, status, lines, units, open_units AS openUnits, amount, currency,
       toUnixTimestamp64Milli(placed_at) AS placedAt, toUnixTimestamp64Milli(ship_by) AS shipBy,
       toUnixTimestamp64Milli(dispatched_at) AS dispatchedAt
FROM orders FINAL
WHERE placed_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND placed_at <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  AND ({cursorOrder:String} = '' OR placed_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC') OR order_id < {cursorOrder:String})
  AND ({channel:String} = '' OR channel = {channel:String})
  AND ({status:String} = '' OR status = {status:String})
  AND ({node:String} = '' OR node = {node:String})
  AND ({q:String} = '' OR positionCaseInsensitiveUTF8(order_id, {q:String}) > 0 OR positionCaseInsensitiveUTF8(customer, {q:String}) > 0)
ORDER BY placed_at DESC, order_id DESC
LIMIT {limit:UInt32}
