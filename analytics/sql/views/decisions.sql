-- Every choice of a policy, as it is stored.
SELECT at, policy, order_id, line, sku, node, outcome, inputs, seq, received_at
FROM decisions
