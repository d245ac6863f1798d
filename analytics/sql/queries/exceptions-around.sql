-- Which exceptions of these kinds stood in this time, or ended shortly before it?
SELECT exception_id AS number, any(changes.kind) AS kind, any(changes.subject) AS subject, argMax(changes.title, changes.seq) AS title,
       toUnixTimestamp64Milli(min(changes.since)) AS began,
       toUnixTimestamp64Milli(maxIf(changes.at, changes.change = 'closed')) AS closed,
       argMax(changes.sku, changes.seq) AS sku, argMax(changes.node, changes.seq) AS node,
       argMax(changes.channel, changes.seq) AS channel, argMax(changes.source, changes.seq) AS source
FROM exception_changes AS changes
WHERE changes.kind IN {kinds:Array(String)}
  AND changes.at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND changes.at <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
GROUP BY exception_id
HAVING countIf(changes.change = 'opened') > 0 AND began < {to:Int64} AND (closed = 0 OR closed >= {from:Int64})
ORDER BY began DESC
LIMIT {limit:UInt32}
