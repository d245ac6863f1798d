-- How did the number of open exceptions change? It rises when one opens or is opened again, and falls when people settle it
-- or what it states is over, whichever comes first. What came before the first bucket has start 0.
SELECT if(at < toDateTime({from:UInt32}, 'UTC'), 0, if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32})) AS start,
       if({by:String} = 'kind', cause, '') AS key,
       sumIf(steps, step IN ('exception-opened', 'exception-reopened')) - sumIf(steps, step = 'exception-ended') AS value
FROM kpi_minutes
WHERE step IN ('exception-opened', 'exception-reopened', 'exception-ended') AND clock = 'step'
  AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key
