-- How did the number of open orders (or lines) change per bucket of time? What came before the first bucket is in start 0.
SELECT if(at < toDateTime({from:UInt32}, 'UTC'), 0, intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       if({by:String} = 'node', toString(node), '') AS key,
       sumIf(steps, step = concat({what:String}, '-opened')) - sumIf(steps, step = concat({what:String}, '-closed')) AS change
FROM kpi_minutes
WHERE step IN (concat({what:String}, '-opened'), concat({what:String}, '-closed')) AND clock = 'step' AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key
