-- What did policies choose for this order, line by line, and what did each choice beat? The newest first; a page ends
-- with the whole of its last event.
SELECT seq, toUnixTimestamp64Milli(at) AS at, policy, line, sku, node, outcome, inputs
FROM decisions
WHERE order_id = {order:String} AND seq < {before:UInt64}
ORDER BY seq DESC
LIMIT {limit:UInt32} WITH TIES
