-- Items by their newest definition; what it does not say stays as an earlier one said it.
SELECT sku, name, category, supplier, abc, standard_cost, average_cost, unit_price, safety_stock, pack_size, active, defined_at
FROM (
    SELECT JSONExtractString(data, 'sku') AS sku,
           argMax(JSONExtractString(data, 'name'), (occurred_at, seq)) AS name,
           argMaxIf(JSONExtractString(data, 'category'), (occurred_at, seq), JSONHas(data, 'category')) AS category,
           argMaxIf(JSONExtractString(data, 'supplier'), (occurred_at, seq), JSONHas(data, 'supplier')) AS supplier,
           argMaxIf(JSONExtractString(data, 'abc'), (occurred_at, seq), JSONHas(data, 'abc')) AS abc,
           argMaxIfOrNull(JSONExtractInt(data, 'unitCost'), (occurred_at, seq), JSONHas(data, 'unitCost')) AS standard_cost,
           argMaxIfOrNull(JSONExtractInt(data, 'unitPrice'), (occurred_at, seq), JSONHas(data, 'unitPrice')) AS unit_price,
           argMaxIf(JSONExtractInt(data, 'safetyStock'), (occurred_at, seq), JSONHas(data, 'safetyStock')) AS safety_stock,
           argMaxIfOrNull(JSONExtractInt(data, 'packSize'), (occurred_at, seq), JSONHas(data, 'packSize')) AS pack_size,
           toBool(argMax(JSONExtractBool(data, 'active'), (occurred_at, seq))) AS active,
           max(occurred_at) AS defined_at
    FROM events
    WHERE type = 'item.defined' AND refused = ''
    GROUP BY sku
) AS defined
LEFT JOIN (
    SELECT sku, nullIf(argMax(unit_cost, (seq, step)), -1) AS average_cost
    FROM item_costs
    GROUP BY sku
) AS averages USING (sku)
