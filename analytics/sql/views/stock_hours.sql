-- One row per hour and place, however many parts it is stored in.
SELECT sku, node, place, hour, change
FROM stock_hours FINAL
