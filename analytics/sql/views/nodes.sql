-- Nodes by their newest definition.
SELECT node, JSONExtractString(definition, 'name') AS name, JSONExtractString(definition, 'kind') AS kind,
       JSONExtractString(definition, 'timeZone') AS time_zone, JSONExtractString(definition, 'cutOff') AS cut_off,
       JSONExtract(definition, 'linesPerHour', 'Nullable(Int64)') AS lines_per_hour,
       toBool(JSONExtractBool(definition, 'active')) AS active, defined_at
FROM (
    SELECT JSONExtractString(data, 'node') AS node, argMax(data, (occurred_at, seq)) AS definition, max(occurred_at) AS defined_at
    FROM events
    WHERE type = 'node.defined' AND refused = ''
    GROUP BY node
)
