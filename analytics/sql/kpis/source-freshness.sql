-- When did each source speak last, per bucket (ms since 1970)? Replays of files and our own findings are no feeds. What came
-- before the first bucket has start 0.
SELECT if(minute < toDateTime({from:UInt32}, 'UTC'), 0, if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(minute, {timeZone:String})), intDiv(toUnixTimestamp(minute), {seconds:UInt32}) * {seconds:UInt32})) AS start,
       source AS key,
       toUnixTimestamp64Milli(max(last_received)) AS value
FROM source_activity
WHERE source != 'tideline' AND minute < toDateTime({to:UInt32}, 'UTC')
  AND source NOT IN (
      SELECT JSONExtractString(data, 'source') AS defined
      FROM events
      WHERE type = 'source.defined' AND refused = ''
      GROUP BY defined
      HAVING argMax(JSONExtractString(data, 'kind'), (occurred_at, seq)) = 'replay'
  )
GROUP BY start, key
