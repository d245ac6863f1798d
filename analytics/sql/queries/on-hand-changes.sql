-- How did the units on hand change per bucket of time? Goods on their way are not on hand. What came before the first
-- bucket is in start 0.
SELECT if(hour < toDateTime({from:UInt32}, 'UTC'), 0, intDiv(toUnixTimestamp(hour), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       if({by:String} = 'node', toString(stock_hours.node), '') AS key,
       sum(stock_hours.change) AS change
FROM stock_hours
WHERE stock_hours.node != '' AND place != 'in-transit' AND hour < toDateTime({to:UInt32}, 'UTC')
  AND ({sku:String} = '' OR sku = {sku:String})
GROUP BY start, key
