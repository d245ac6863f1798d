-- When did the newest event in history arrive (ms since 1970)?
SELECT toUnixTimestamp64Milli(received_at) AS at
FROM events
ORDER BY seq DESC
LIMIT 1
