-- The steps as they are stored.
SELECT step, at, sign, order_id, line, sku, channel, node, country, currency, quantity, amount, cost, short, placed_at,
       nullIf(ship_by, toDateTime64(0, 3, 'UTC')) AS ship_by, duration_ms, duration_floor, cause, source, seq, received_at
FROM order_steps
