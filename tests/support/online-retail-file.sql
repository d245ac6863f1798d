-- What the file of Online Retail says, read without Tideline: one row per measure, day in London, country and SKU.
-- `rows` holds the columns as text and the number `n` of each row.
WITH
    lines AS (
        SELECT n, upper(InvoiceNo) AS invoice, upper(StockCode) AS sku, toInt64(Quantity) AS quantity,
               parseDateTime(InvoiceDate, '%Y-%m-%d %H:%i:%s', 'Europe/London') AS at,
               toDecimal64(UnitPrice, 3) AS price, replaceRegexpOne(CustomerID, '\\.0$', '') AS customer, Country AS country
        FROM rows
    ),
    goods AS (
        SELECT *, multiIf(startsWith(invoice, 'C'), 'credit', price = 0 AND quantity < 0, 'written-off', price = 0, 'found', 'sale') AS kind
        FROM lines
        WHERE NOT startsWith(invoice, 'A') AND NOT startsWith(sku, 'GIFT_')
          AND sku NOT IN ('POST', 'DOT', 'M', 'C2', 'D', 'S', 'BANK CHARGES', 'AMAZONFEE', 'CRUK', 'B', 'PADS')
    ),
    -- An invoice may run over a minute: its first line tells when and where it was placed.
    documents AS (
        SELECT *, min(at) OVER (PARTITION BY invoice, kind) AS began,
               first_value(country) OVER (PARTITION BY invoice, kind ORDER BY n) AS its_country,
               row_number() OVER (PARTITION BY invoice, kind ORDER BY n) = 1 AS is_first
        FROM goods
    ),
    -- A credit cancels the newest line of the same customer, code and quantity that is younger than a day and still stands.
    -- Sales go on a stack, credits take from it; `cancelled` collects the credits that found one.
    ledgers AS (
        SELECT arraySort(step -> step.1, groupArray((n, kind = 'sale', toInt64(toUnixTimestamp(if(kind = 'sale', began, at)))))) AS steps
        FROM documents WHERE kind IN ('sale', 'credit') AND customer != ''
        GROUP BY customer, sku, abs(quantity)
    ),
    cancelled AS (
        SELECT arrayJoin(arrayFold(
            (known, step) -> if(step.2,
                (arrayPushBack(known.1, step.3), known.2),
                if(notEmpty(known.1) AND step.3 - known.1[-1] < 86400,
                    (arrayPopBack(known.1), arrayPushBack(known.2, step.1)),
                    known)),
            steps, ([]::Array(Int64), []::Array(UInt64))).2) AS n
        FROM ledgers
    ),
    known AS (
        SELECT *, if(kind = 'credit', if(n IN (SELECT n FROM cancelled), 'cancelled', 'returned'), kind) AS what,
               toDate(if(kind IN ('sale', 'credit'), began, at), 'Europe/London') AS day
        FROM documents
    )
SELECT tupleElement(fact, 1) AS measure, toString(day) AS day,
       if(kind IN ('sale', 'credit'), its_country, '') AS country, sku, sum(tupleElement(fact, 2)) AS value
FROM known
ARRAY JOIN multiIf(
    what = 'sale', [('orders', toInt64(is_first)), ('order lines', 1), ('units sold', quantity), ('revenue', toInt64(round(quantity * price * 100)))],
    what = 'cancelled', [('cancelled lines', 1), ('cancelled units', -quantity)],
    what = 'returned', [('returned lines', 1), ('returned units', -quantity)],
    what = 'written-off', [('written off', -quantity)],
    [('found', quantity)]) AS fact
GROUP BY measure, day, country, sku
