-- The same measures from the history tables, in the same form.
SELECT tupleElement(fact, 1) AS measure, toString(toDate(at, 'Europe/London')) AS day, country, sku, sum(sign * tupleElement(fact, 2)) AS value
FROM order_steps
ARRAY JOIN multiIf(
    step = 'order-accepted', [('orders', toInt64(1))],
    step = 'line-accepted', [('order lines', 1), ('units sold', quantity), ('revenue', amount)],
    step = 'line-cancelled', [('cancelled lines', 1), ('cancelled units', quantity)],
    []) AS fact
GROUP BY measure, day, country, sku
UNION ALL
SELECT tupleElement(fact, 1), toString(toDate(occurred_at, 'Europe/London')), JSONExtractString(data, 'country'),
       JSONExtractString(line, 'sku'), sum(tupleElement(fact, 2))
FROM (SELECT occurred_at, data, arrayJoin(JSONExtractArrayRaw(data, 'lines')) AS line FROM events WHERE type = 'return.received' AND refused = '')
ARRAY JOIN [('returned lines', toInt64(1)), ('returned units', JSONExtractInt(line, 'quantity'))] AS fact
GROUP BY ALL
UNION ALL
SELECT if(to_place = 'loss', 'written off', 'found'), toString(toDate(at, 'Europe/London')), '', sku, sum(quantity)
FROM movements
WHERE to_place = 'loss' OR from_place = 'unknown'
GROUP BY ALL
