-- How many units became sellable after how many minutes since they were received? What was received into sellable took none;
-- what went into quarantine first leaves it in the order in which it came (of all that lies there, whatever brought it).
-- Counted when it became sellable; in local days.
WITH quarantine AS (
    SELECT sku, seq, position, at, if(to_place = 'quarantined', to_node, from_node) AS node, quantity, to_place = 'quarantined' AS enters,
           from_place IN ('supplier', 'in-transit') AS is_receipt, to_place = 'sellable' AS is_release
    FROM movements
    WHERE (to_place = 'quarantined') != (from_place = 'quarantined') AND at < toDateTime({to:UInt32}, 'UTC')
),
entered AS (
    SELECT sku, node, at, is_receipt, sum(quantity) OVER earlier AS until_unit, until_unit - quantity AS from_unit
    FROM quarantine
    WHERE enters
    WINDOW earlier AS (PARTITION BY sku, node ORDER BY at, seq, position ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),
left_it AS (
    SELECT sku, node, at, is_release, sum(quantity) OVER earlier AS until_unit, until_unit - quantity AS from_unit
    FROM quarantine
    WHERE NOT enters
    WINDOW earlier AS (PARTITION BY sku, node ORDER BY at, seq, position ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       if({by:String} = 'node', node, '') AS key, minutes, sum(units) AS units
FROM (
    SELECT left_it.at AS at, left_it.node AS node,
           intDiv(greatest(0, toUnixTimestamp64Milli(left_it.at) - toUnixTimestamp64Milli(entered.at)), 60000) AS minutes,
           least(left_it.until_unit, entered.until_unit) - greatest(left_it.from_unit, entered.from_unit) AS units
    FROM left_it
    INNER JOIN entered ON left_it.sku = entered.sku AND left_it.node = entered.node
    WHERE left_it.is_release AND entered.is_receipt AND units > 0
    UNION ALL
    SELECT at, to_node AS node, toInt64(0) AS minutes, quantity AS units
    FROM movements
    WHERE to_place = 'sellable' AND event_type = 'stock.received' AND from_place IN ('supplier', 'in-transit')
) AS released
WHERE at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key, minutes
