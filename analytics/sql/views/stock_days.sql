-- The changes of a day, as they are stored.
SELECT day, node, place, sku, change
FROM stock_days
