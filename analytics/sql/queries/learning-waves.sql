-- Which order lines were due by one moment at one node, and how many of them did not leave by then?
SELECT node, toUnixTimestamp64Milli(ship_by) AS shipBy,
       sumIf(sign * quantity, step IN ('order-due', 'order-given-up')) AS lines,
       lines - sumIf(sign * quantity, step = 'order-kept') AS late
FROM order_steps
WHERE step IN ('order-due', 'order-given-up', 'order-kept')
  AND at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
GROUP BY node, ship_by
HAVING lines > 0
