-- From when on are steps on record that earlier versions did not tell (seconds since 1970)? Every order accepted since says
-- in its cause whether it was covered by stock. The minute, or the hour where the minutes are gone. No row before the first.
WITH (SELECT min(at) FROM (SELECT at FROM kpi_hours WHERE step = 'order-accepted' AND clock = 'step' AND cause != '' ORDER BY at LIMIT 1)) AS hour
SELECT toUnixTimestamp(if(count() = 0, hour, min(at))) AS start
FROM kpi_minutes
WHERE step = 'order-accepted' AND clock = 'step' AND cause != '' AND at >= hour AND at < hour + INTERVAL 1 HOUR
HAVING toUnixTimestamp(hour) > 0
