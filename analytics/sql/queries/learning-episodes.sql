-- Which exceptions opened in a time, how did they stand when they were told, by their deadline and at their end, and did
-- anybody work on them? Of KPI anomalies also what was told. The newest first.
WITH fromUnixTimestamp64Milli({from:Int64}, 'UTC') AS since, fromUnixTimestamp64Milli({to:Int64}, 'UTC') AS until,
episodes AS (
    SELECT exception_id, any(kind) AS kind, any(subject) AS subject, argMin(title, seq) AS title,
           min(at) AS opened_at, min(seq) AS opened_by, maxIf(at, change = 'closed') AS closed_at,
           argMax(deadline, seq) AS last_deadline, argMin(money_at_risk, seq) AS money_told,
           argMaxIf(money_at_risk, seq, toUnixTimestamp64Milli(deadline) = 0 OR at <= deadline) AS money_at_harm,
           countIf(change IN ('acknowledged', 'started', 'resolved')) > 0 AS worked,
           argMax(sku, seq) AS sku, argMax(node, seq) AS node, argMax(channel, seq) AS channel, argMax(source, seq) AS source
    FROM exception_changes
    WHERE at >= since AND exception_id IN (
        SELECT exception_id FROM exception_changes WHERE change = 'opened' AND at >= since AND at < until
    )
    GROUP BY exception_id
    ORDER BY opened_by DESC
    LIMIT {limit:UInt32}
),
dismissed AS (
    SELECT line FROM order_steps
    WHERE step = 'exception-dismissed' AND at >= since GROUP BY line HAVING sum(sign * short) > 0
)
SELECT exception_id AS number, kind, subject, title, toUnixTimestamp64Milli(opened_at) AS openedAt,
       toUnixTimestamp64Milli(closed_at) AS closedAt, toUnixTimestamp64Milli(last_deadline) AS deadline,
       money_told AS moneyTold, money_at_harm AS moneyAtHarm, worked,
       exception_id IN (SELECT line FROM dismissed) AS dismissed, sku, node, channel, source, told.data AS told
FROM episodes
LEFT ANY JOIN (
    SELECT seq, data FROM events WHERE type = 'anomaly.detected' AND seq IN (SELECT opened_by FROM episodes WHERE kind = 'kpi-anomaly')
) AS told ON told.seq = episodes.opened_by
ORDER BY opened_by DESC
