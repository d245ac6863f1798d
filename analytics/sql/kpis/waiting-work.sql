-- How did the number (units, value) of what waits change? What came before the first bucket has start 0. Of orders accepted
-- since such steps are told: of older ones the end is on record and not the beginning.
SELECT if(at < toDateTime({from:UInt32}, 'UTC'), 0, if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32})) AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       sum(sign * if(step = {opened:String}, 1, -1) * multiIf({counted:String} = 'quantity', quantity, {counted:String} = 'amount', amount, 1)) AS value
FROM order_steps
WHERE step IN ({opened:String}, {closed:String}) AND at < toDateTime({to:UInt32}, 'UTC')
  AND placed_at >= (SELECT min(at) FROM kpi_days WHERE step = 'order-accepted' AND clock = 'step' AND cause != '')
  AND ({counted:String} != 'amount' OR currency = {currency:String})
GROUP BY start, key
