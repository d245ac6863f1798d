-- How often was our advice followed, and what did the differences cost in shipments and money?
SELECT cause AS outcome, sum(steps) AS orders, sum(quantity) AS moreShipments, sum(amount) AS moreCost
FROM kpi_minutes
WHERE step = 'order-advice-judged' AND clock = 'step'
  AND at >= toDateTime(intDiv({from:Int64}, 1000), 'UTC') AND at <= toDateTime(intDiv({to:Int64}, 1000), 'UTC')
  AND ({channel:String} = '' OR channel = {channel:String})
GROUP BY outcome
ORDER BY orders DESC, outcome
