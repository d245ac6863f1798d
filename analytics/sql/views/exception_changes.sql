-- Every change of an exception, as it is stored.
SELECT exception_id, kind, subject, change, at, title, severity, since, nullIf(deadline, toDateTime64(0, 3, 'UTC')) AS deadline,
       money_at_risk, actor, sku, node, channel, order_id, source, seq, received_at
FROM exception_changes
