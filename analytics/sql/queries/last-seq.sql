-- How far does history reach? The sequence of the newest event; no row while there is none.
SELECT seq
FROM events
ORDER BY seq DESC
LIMIT 1
