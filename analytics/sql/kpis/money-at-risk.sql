-- How did the money at risk of open exceptions change? Each change of an exception takes back what it stood at before, where
-- it stood, and adds what it stands at now; a closed, resolved or dismissed one stands at nothing. Changes that leave the
-- amount as it is (comments, names, snoozes, flapping) are not looked at. What came before the first bucket has start 0.
SELECT if(at < toDateTime({from:UInt32}, 'UTC'), 0, if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})), intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32})) AS start,
       multiIf({by:String} = 'channel', entry.1, {by:String} = 'node', entry.2, '') AS key,
       sum(entry.3) AS value
FROM (
    SELECT at, seq, exception_id, toString(channel) AS channel, toString(node) AS node,
           if(change IN ('closed', 'resolved', 'dismissed'), 0, money_at_risk) AS amount,
           lagInFrame(channel) OVER before AS channel_before,
           lagInFrame(node) OVER before AS node_before,
           lagInFrame(amount) OVER before AS amount_before
    FROM (SELECT at, seq, exception_id, toString(channel) AS channel, toString(node) AS node, change, money_at_risk
          FROM exception_changes
          WHERE at < toDateTime({to:UInt32}, 'UTC')
            AND change IN ('opened', 'updated', 'closed', 'resolved', 'dismissed', 'reopened'))
    WINDOW before AS (PARTITION BY exception_id ORDER BY seq ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
)
ARRAY JOIN [(channel_before, node_before, -amount_before), (channel, node, amount)] AS entry
GROUP BY start, key
