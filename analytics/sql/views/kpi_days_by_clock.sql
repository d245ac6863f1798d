-- The sums of a day on every clock.
SELECT step, clock, at, channel, node, country, currency, cause, steps, quantity, amount, cost, short, duration_ms, on_time, filled,
       durations, unique_orders, unique_skus, arrivals, last_arrival, late
FROM kpi_days
