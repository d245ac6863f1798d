-- Every movement as two signed rows.
SELECT sku, node, place, at, change, reason, order_id, line, event_type, source, seq, position, received_at
FROM stock_changes
