-- How many events did each source send, by when they arrived? Replays of files and our own findings are no feeds.
SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(minute, {timeZone:String})),
          intDiv(toUnixTimestamp(minute), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       if({by:String} = '', '', source) AS key, sum(events) AS part
FROM source_activity
WHERE source != 'tideline' AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
  AND source NOT IN (
      SELECT JSONExtractString(data, 'source') AS defined
      FROM events
      WHERE type = 'source.defined' AND refused = ''
      GROUP BY defined
      HAVING argMax(JSONExtractString(data, 'kind'), (occurred_at, seq)) = 'replay'
  )
GROUP BY start, key
