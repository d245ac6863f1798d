-- What did policies choose for this order (or one SKU of it)? Newest first.
SELECT toUnixTimestamp64Milli(at) AS at, policy, outcome, node, line, sku, inputs
FROM decisions
WHERE order_id = {order:String} AND (sku = '' OR sku = {sku:String})
ORDER BY seq DESC
LIMIT {limit:UInt32}
