-- The sums of a day, of steps at their own time.
SELECT step, at, channel, node, country, currency, cause, steps, quantity, amount, cost, short, duration_ms, on_time, filled,
       durations, unique_orders, unique_skus, arrivals, last_arrival, late
FROM kpi_days
WHERE clock = 'step'
