-- Which open orders may have work at a node that is due by a moment, the most urgent first? Orders of one unit are there
-- or not; larger ones may be split over nodes, so whoever asks looks at their live state. Orders without a promise have
-- ship_by 1970 and come first.
SELECT order_id AS "order", channel, node, status, lines, units, open_units AS openUnits, amount, currency,
       toUnixTimestamp64Milli(placed_at) AS placedAt, toUnixTimestamp64Milli(ship_by) AS shipBy
FROM orders FINAL
WHERE placed_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
  AND has({statuses:Array(String)}, status)
  AND (node = {node:String} OR ({splits:UInt8} = 1 AND units > 1))
  AND ship_by <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
  AND (ship_by, order_id) > (fromUnixTimestamp64Milli({cursorShipBy:Int64}, 'UTC'), {cursorOrder:String})
ORDER BY ship_by, order_id
LIMIT {limit:UInt32}
