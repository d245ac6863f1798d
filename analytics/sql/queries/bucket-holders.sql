-- Who holds the units of a bucket? The net change by order; an empty order stands for everything else. The largest first;
-- what is beyond the limit is in one row of its own.
WITH held AS
    (
        SELECT order_id,
               sum(quantity * (toInt64(to_node = {node:String} AND to_place = {bucket:String})
                             - toInt64(from_node = {node:String} AND from_place = {bucket:String}))) AS units
        FROM movements
        WHERE sku = {sku:String}
          AND ((from_node = {node:String} AND from_place = {bucket:String}) OR (to_node = {node:String} AND to_place = {bucket:String}))
        GROUP BY order_id
        HAVING units != 0
    )
SELECT order_id AS "order", units, total, holders
FROM held
CROSS JOIN (SELECT sum(units) AS total, count() AS holders FROM held) AS whole
ORDER BY units DESC, order_id
LIMIT {limit:UInt32}
