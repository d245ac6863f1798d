-- For how many hours of each day had the company nothing left to promise of an item, and how many units would have been ordered
-- in them? The rate is that of the days before (rateDays), over their hours in which there was something: demand that met an empty
-- shelf was not seen. Valued at the list price. Days are local.
WITH toDateTime({from:UInt32}, {timeZone:String}) AS since,
     addDays(toStartOfDay(toDateTime(least({to:UInt32} - 1, toUInt32(intDiv({now:Int64}, 1000))), {timeZone:String})), 1) AS until,
safety AS (
    SELECT JSONExtractString(data, 'sku') AS sku,
           argMax(JSONExtractInt(data, 'safetyStock'), (occurred_at, seq)) AS safety_stock
    FROM events
    WHERE type = 'item.defined' AND refused = '' AND JSONHas(data, 'safetyStock')
    GROUP BY sku
),
retired AS (SELECT sku FROM items FINAL WHERE NOT active),
prices AS (SELECT sku, unit_price, category FROM items FINAL),
changes AS (
    SELECT sku, hour, sumIf(change, place = 'sellable') AS units
    FROM stock_hours
    WHERE node != '' AND hour < until AND sku NOT IN (SELECT sku FROM retired)
    GROUP BY sku, hour
),
places AS (
    SELECT sku, uniqExact(node) AS records, min(hour) AS began
    FROM stock_hours
    WHERE node != '' AND hour < until
    GROUP BY sku
),
levels AS (
    SELECT sku, hour AS begins, sum(units) OVER (PARTITION BY sku ORDER BY hour) AS sellable,
           leadInFrame(hour) OVER (PARTITION BY sku ORDER BY hour ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS following
    FROM changes
),
empty AS (
    SELECT sku, day,
           sum(greatest(0, toInt64(toUnixTimestamp(least(ends, addDays(day, 1)))) - toInt64(toUnixTimestamp(greatest(begins, day))))) / 3600 AS hours
    FROM (
        SELECT sku, greatest(begins, toDateTime(addDays(since, -{rateDays:UInt32}))) AS begins,
               if(toUnixTimestamp(following) = 0, toDateTime(least(until, fromUnixTimestamp(toUInt32(intDiv({now:Int64}, 1000))))), following) AS ends
        FROM levels
        LEFT JOIN safety USING (sku)
        LEFT JOIN places USING (sku)
        WHERE sellable <= safety_stock * records AND ends > addDays(since, -{rateDays:UInt32}) AND ends > begins
    ) AS gaps
    ARRAY JOIN arrayMap(n -> addDays(toStartOfDay(begins, {timeZone:String}), n), range(toUInt32(dateDiff('day', begins, ends, {timeZone:String}) + 1))) AS day
    GROUP BY sku, day
),
before AS (
    SELECT sku, addDays(of_day, n + 1) AS day, sum(hours) AS hours_empty, sum(units) AS ordered
    FROM (
        SELECT sku, day AS of_day, hours, 0 AS units FROM empty
        UNION ALL
        SELECT sku, toStartOfDay(toDateTime(at), {timeZone:String}) AS of_day, 0 AS hours, sum(sign * quantity) AS units
        FROM order_steps
        WHERE step = 'line-accepted' AND at >= addDays(since, -{rateDays:UInt32}) AND at < until
        GROUP BY sku, of_day
    ) AS seen
    ARRAY JOIN range({rateDays:UInt32}) AS n
    WHERE day >= since AND day < until
    GROUP BY sku, day
)
SELECT start, key, sum(units) AS units, sum(value) AS value
FROM (
SELECT toUnixTimestamp(day) AS start, if({by:String} = 'category', category, '') AS key,
       sum(lost) * {kept:Float64} AS units, sum(lost * unit_price) * {kept:Float64} AS value
FROM (
    SELECT sku, day, hours,
           greatest(0, least({rateDays:UInt32}, dateDiff('day', toStartOfDay(began, {timeZone:String}), day, {timeZone:String})) * 24 - hours_empty) AS hours_stocked,
           if(hours_stocked < 24, 0, hours * greatest(0, ordered) / hours_stocked) AS lost
    FROM empty
    LEFT JOIN before USING (sku, day)
    LEFT JOIN places USING (sku)
    WHERE day >= since AND day < until
) AS estimated
LEFT JOIN prices USING (sku)
GROUP BY start, key
    UNION ALL
    -- A day on which nothing was missing lost nothing: that is known, from the first stock on.
    SELECT toUnixTimestamp(addDays(greatest(since, toStartOfDay(began, {timeZone:String})), n)) AS start, key, 0 AS units, 0 AS value
    FROM (
        SELECT if({by:String} = 'category', category, '') AS key, min(began) AS began
        FROM places
        LEFT JOIN prices USING (sku)
        GROUP BY key
    ) AS stocked
    ARRAY JOIN range(toUInt32(greatest(0, dateDiff('day', greatest(since, toStartOfDay(began, {timeZone:String})), until, {timeZone:String})))) AS n
) AS daily
GROUP BY start, key
