-- Every change of an average cost. -1 is stored where the standard cost holds again.
SELECT sku, at, nullIf(unit_cost, -1) AS unit_cost, seq, step, received_at
FROM item_costs
