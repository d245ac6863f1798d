-- How did the number of open orders (or lines) change? Everything before the first bucket is one row with start 0.
SELECT if(at < toDateTime({from:UInt32}, 'UTC'), 0, if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32})) AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       sumIf(steps, step = {opened:String}) - sumIf(steps, step = {closed:String}) AS value
FROM kpi_minutes
WHERE step IN ({opened:String}, {closed:String}) AND clock = 'step' AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key
