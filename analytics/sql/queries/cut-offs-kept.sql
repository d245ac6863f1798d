-- How many orders did each node have to ship by a moment, and how many had left whole by then?
SELECT node, sum(sign * (step = 'order-due')) AS due, sum(sign * (step = 'order-completed')) AS inTime
FROM order_steps
WHERE step IN ('order-due', 'order-completed') AND ship_by = fromUnixTimestamp64Milli({shipBy:Int64}, 'UTC')
  AND at <= fromUnixTimestamp64Milli({shipBy:Int64}, 'UTC') AND at > fromUnixTimestamp64Milli({since:Int64}, 'UTC')
GROUP BY node
