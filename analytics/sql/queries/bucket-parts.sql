-- What is a bucket made of? The net change of one bucket of one SKU at one node, by where units came from or went to.
SELECT from_place AS fromPlace, to_place AS toPlace,
       sum(quantity * (toInt64(to_node = {node:String} AND to_place = {bucket:String})
                     - toInt64(from_node = {node:String} AND from_place = {bucket:String}))) AS change,
       count() AS movements
FROM movements
WHERE sku = {sku:String}
  AND ((from_node = {node:String} AND from_place = {bucket:String}) OR (to_node = {node:String} AND to_place = {bucket:String}))
GROUP BY fromPlace, toPlace
ORDER BY abs(change) DESC, fromPlace, toPlace
