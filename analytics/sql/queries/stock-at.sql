-- How much was in each place after a given event? From all movements up to it; places that come to zero are left out.
SELECT sku, node, place, sum(change) AS quantity
FROM stock_changes
WHERE seq <= {seq:UInt64} AND ({sku:String} = '' OR sku = {sku:String})
GROUP BY sku, node, place
HAVING quantity != 0
ORDER BY sku, node, place
