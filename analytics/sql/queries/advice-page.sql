-- Where another system decided: what did we advise, and what was done? The newest first. Empty texts ask for all.
SELECT seq, toUnixTimestamp64Milli(at) AS at, order_id AS "order", outcome, inputs
FROM decisions
PREWHERE policy = 'advice'
WHERE decisions.at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND decisions.at <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  AND seq < {before:UInt64}
  AND ({outcome:String} = '' OR outcome = {outcome:String})
  AND ({order:String} = '' OR order_id = {order:String})
ORDER BY seq DESC
LIMIT {limit:UInt32} WITH TIES
