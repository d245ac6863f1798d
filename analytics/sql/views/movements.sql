-- Every movement with both its places.
SELECT sku, at, from_node, from_place, to_node, to_place, quantity, reason, order_id, line, event_type, source, seq, position, received_at
FROM movements
