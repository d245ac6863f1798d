-- From when on are there about this many orders? Rows that are not merged yet count too; no row when there are fewer.
SELECT toUnixTimestamp64Milli(placed_at) AS since
FROM orders
WHERE placed_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND placed_at <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
ORDER BY placed_at DESC
LIMIT 1 OFFSET {rows:UInt32}
