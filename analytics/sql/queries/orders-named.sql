-- Which orders have this in their number? Those that begin with it first, then the newest. An order has several rows here.
SELECT order_id AS "order"
FROM orders
WHERE positionCaseInsensitiveUTF8(order_id, {q:String}) > 0
GROUP BY order_id
ORDER BY startsWith(lowerUTF8(order_id), lowerUTF8({q:String})) DESC, max(placed_at) DESC, order_id DESC
LIMIT {limit:UInt32}
