-- Each exception as its last change left it. A woken one goes on where it was before it slept.
SELECT exception_id, any(kind) AS kind, any(subject) AS subject, argMax(title, seq) AS title, argMax(severity, seq) AS severity,
       if(countIf(change = 'closed') > 0, 'closed', 'open') AS condition,
       transform(
           if(argMaxIf(change, seq, change IN ('opened', 'acknowledged', 'started', 'snoozed', 'woken', 'resolved', 'dismissed', 'reopened')) AS last_step = 'woken',
              argMaxIf(change, seq, change IN ('opened', 'acknowledged', 'started', 'reopened')), last_step),
           ['opened', 'acknowledged', 'started', 'snoozed', 'resolved', 'dismissed', 'reopened'],
           ['new', 'acknowledged', 'in-progress', 'snoozed', 'resolved', 'dismissed', 'new'], 'new') AS work,
       argMax(since, seq) AS since,
       minIfOrNull(at, change = 'opened') AS opened_at,
       minIfOrNull(at, change IN ('acknowledged', 'started')) AS acknowledged_at,
       maxIfOrNull(at, change IN ('resolved', 'dismissed')) AS resolved_at,
       maxIfOrNull(at, change = 'closed') AS closed_at,
       nullIf(argMax(deadline, seq), toDateTime64(0, 3, 'UTC')) AS deadline,
       argMax(money_at_risk, seq) AS money_at_risk, max(exception_changes.money_at_risk) AS money_at_risk_max,
       count() AS changes, argMaxIf(actor, seq, actor != '') AS last_actor,
       argMax(sku, seq) AS sku, argMax(node, seq) AS node, argMax(channel, seq) AS channel, argMax(order_id, seq) AS order_id,
       argMax(source, seq) AS source
FROM exception_changes
GROUP BY exception_id
