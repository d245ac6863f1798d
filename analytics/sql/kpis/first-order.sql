-- In which minute does the record begin (seconds since 1970)? No row while there was no order.
SELECT toUnixTimestamp(min(minute)) AS start
FROM kpi_minutes
WHERE step = 'order-accepted'
HAVING count() > 0
