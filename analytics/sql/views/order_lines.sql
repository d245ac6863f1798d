-- What became of each line: its steps put together, those that were taken back subtracted. The time and the channel of the
-- order are keys although they never differ: a filter by them is then met before anything is put together.
SELECT order_id, line, argMax(sku, seq) AS sku, channel, argMaxIf(node, seq, node != '') AS node, any(country) AS country,
       placed_at, nullIf(argMax(ship_by, seq), toDateTime64(0, 3, 'UTC')) AS ship_by,
       sumIf(sign * quantity, step = 'line-accepted') AS accepted_units,
       sumIf(sign * quantity, step IN ('line-accepted', 'line-edited')) AS units,
       sumIf(sign * short, step = 'line-accepted') AS short_units,
       sumIf(sign * quantity, step = 'line-allocated') AS allocated_units,
       sumIf(sign * quantity, step = 'line-picked') AS picked_units,
       sumIf(sign * quantity, step = 'line-packed') AS packed_units,
       sumIf(sign * quantity, step = 'line-dispatched') AS dispatched_units,
       sumIf(sign * quantity, step = 'line-delivered') AS delivered_units,
       sumIf(sign * quantity, step = 'line-cancelled') AS cancelled_units,
       sumIf(sign * quantity, step = 'line-returned') AS returned_units,
       toBool(minIfOrNull(short = 0, step = 'line-attempted')) AS filled,
       maxIfOrNull(at, step = 'line-dispatched') AS dispatched_at,
       maxIfOrNull(at, step = 'line-delivered') AS delivered_at,
       maxIfOrNull(at, step = 'line-cancelled') AS cancelled_at,
       argMaxIf(cause, seq, step = 'line-cancelled') AS cancel_cause,
       any(currency) AS currency,
       sumIf(sign * amount, step IN ('line-accepted', 'line-edited')) AS amount,
       sumIf(sign * cost, step IN ('line-accepted', 'line-edited')) AS cost
FROM order_steps
WHERE step IN ('line-accepted', 'line-edited', 'line-allocated', 'line-rerouted', 'line-picked', 'line-packed', 'line-attempted',
               'line-dispatched', 'line-delivered', 'line-cancelled', 'line-returned')
GROUP BY order_id, line, placed_at, channel
