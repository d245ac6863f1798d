-- Channels by their newest definition.
SELECT channel, JSONExtractString(definition, 'name') AS name, JSONExtractString(definition, 'kind') AS kind,
       JSONExtractString(definition, 'currency') AS currency, JSONExtract(definition, 'nodes', 'Array(String)') AS nodes,
       JSONExtractInt(definition, 'buffer') AS buffer, JSONExtractInt(definition, 'penalty') AS penalty,
       toBool(JSONExtractBool(definition, 'active')) AS active, defined_at
FROM (
    SELECT JSONExtractString(data, 'channel') AS channel, argMax(data, (occurred_at, seq)) AS definition, max(occurred_at) AS defined_at
    FROM events
    WHERE type = 'channel.defined' AND refused = ''
    GROUP BY channel
)
