-- The changes of an hour, as they are stored.
SELECT sku, node, place, hour, change
FROM stock_hours
