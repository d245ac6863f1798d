-- What lies where: the sum of all changes, with what is kept back and what a unit is worth.
SELECT sku, node, sellable, allocated, quarantined, damaged, return_pending, in_transit,
       sellable + allocated + quarantined + damaged + return_pending AS on_hand,
       safety AS safety_stock, sellable - safety AS available_to_promise, worth AS unit_cost, on_hand * worth AS value
FROM (
    SELECT sku, node,
           sumIf(change, place = 'sellable') AS sellable,
           sumIf(change, place = 'allocated') AS allocated,
           sumIf(change, place = 'quarantined') AS quarantined,
           sumIf(change, place = 'damaged') AS damaged,
           sumIf(change, place = 'return-pending') AS return_pending,
           sumIf(change, place = 'in-transit') AS in_transit
    FROM stock_days
    WHERE node != ''
    GROUP BY sku, node
) AS levels
LEFT JOIN (
    SELECT JSONExtractString(data, 'sku') AS sku,
           argMaxIf(JSONExtractInt(data, 'safetyStock'), (occurred_at, seq), JSONHas(data, 'safetyStock')) AS safety
    FROM events
    WHERE type = 'item.defined' AND refused = ''
    GROUP BY sku
) AS kept USING (sku)
LEFT JOIN (
    SELECT sku, if(max(average) >= 0, max(average), max(standard)) AS worth
    FROM (
        SELECT sku, nullIf(argMax(unit_cost, (seq, step)), -1) AS average, CAST(NULL, 'Nullable(Int64)') AS standard
        FROM item_costs
        GROUP BY sku
        UNION ALL
        SELECT JSONExtractString(data, 'sku') AS sku, CAST(NULL, 'Nullable(Int64)') AS average,
               argMaxIfOrNull(JSONExtractInt(data, 'unitCost'), (occurred_at, seq), JSONHas(data, 'unitCost')) AS standard
        FROM events
        WHERE type = 'item.defined' AND refused = ''
        GROUP BY sku
    ) AS known
    GROUP BY sku
) AS costs USING (sku)
