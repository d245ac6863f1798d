-- Orders as they stand: the newest row of each. Moments that were never set are null instead of 1970.
SELECT order_id, placed_at, status, source, channel, node, country,
       if(customer = '', '', lower(hex(sipHash128Keyed(assumeNotNull((SELECT argMin((key_0, key_1), made_at) FROM pseudonym_key)), customer)))) AS customer,
       nullIf(ship_by, toDateTime64(0, 3, 'UTC')) AS ship_by,
       nullIf(deliver_by, toDateTime64(0, 3, 'UTC')) AS deliver_by,
       nullIf(dispatched_at, toDateTime64(0, 3, 'UTC')) AS dispatched_at,
       toBool(dispatched_at <= ship_by) AS on_time,
       lines, units, open_units, currency, amount, cost, amount - cost AS margin
FROM orders FINAL
