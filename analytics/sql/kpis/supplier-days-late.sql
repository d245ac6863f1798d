-- How late did units come that were due (units x days), and how many were due? What has not come by now is late until now.
-- Counted at the first date that the supplier named.
SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(due_at, {timeZone:String})), intDiv(toUnixTimestamp(due_at), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       multiIf({by:String} = 'node', node, {by:String} = 'supplier', supplier, '') AS key,
       sum(units) AS due,
       sum(late_ms + greatest(0, units - came) * greatest(0, {now:Int64} - toUnixTimestamp64Milli(due_at))) / 86400000 AS unit_days
FROM (
    SELECT line,
           argMaxIf(at, seq, step = 'supply-due' AND sign = 1) AS due_at,
           argMaxIf(node, seq, step = 'supply-due' AND sign = 1) AS node,
           argMaxIf(cause, seq, step = 'supply-due' AND sign = 1) AS supplier,
           sumIf(sign * quantity, step = 'supply-due') AS units,
           sumIf(sign, step = 'supply-due') AS lines,
           sumIf(sign * quantity, step = 'supply-received') AS came,
           arraySum(arrayMap(receipt -> receipt.2 * greatest(0, toUnixTimestamp64Milli(receipt.1) - toUnixTimestamp64Milli(due_at)),
                             groupArrayIf((at, sign * quantity), step = 'supply-received'))) AS late_ms
    FROM (SELECT step, at, sign, toString(node) AS node, toString(cause) AS cause, line, quantity, seq
          FROM order_steps WHERE step IN ('supply-due', 'supply-received'))
    GROUP BY line
    HAVING lines > 0
)
WHERE due_at >= toDateTime({from:UInt32}, 'UTC') AND due_at < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key
