-- How did the number of open orders past their ship-by change? An open order enters when its promise has passed (or when it
-- was opened later than that), and leaves when it closes. What came before the first bucket has start 0. Orders older than
-- two years are left out: their first steps may be gone already.
SELECT if(since < toDateTime({from:UInt32}, 'UTC'), 0, if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(since, {timeZone:String})), intDiv(toUnixTimestamp(since), {seconds:UInt32}) * {seconds:UInt32})) AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       sum(change) AS value
FROM (
    SELECT greatest(at, ship_by + INTERVAL 1 MILLISECOND) AS since, channel, node, country,
           sign * if(step = 'order-opened', 1, -1) AS change
    FROM order_steps
    WHERE step IN ('order-opened', 'order-closed') AND toUnixTimestamp64Milli(ship_by) > 0
      AND at < toDateTime({to:UInt32}, 'UTC')
      AND placed_at > toDateTime({to:UInt32}, 'UTC') - INTERVAL 2 YEAR
)
WHERE since < toDateTime({to:UInt32}, 'UTC') AND since <= fromUnixTimestamp64Milli({now:Int64}, 'UTC')
GROUP BY start, key
