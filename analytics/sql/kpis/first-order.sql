-- In which minute does the record begin (seconds since 1970)? In which hour, where the minutes are gone. No row while there
-- was no order.
WITH (SELECT min(at) FROM (SELECT at FROM kpi_hours WHERE step = 'order-accepted' AND clock = 'step' ORDER BY at LIMIT 1)) AS hour
SELECT toUnixTimestamp(if(count() = 0, hour, min(at))) AS start
FROM kpi_minutes
WHERE step = 'order-accepted' AND clock = 'step' AND at >= hour AND at < hour + INTERVAL 1 HOUR
HAVING toUnixTimestamp(hour) > 0
