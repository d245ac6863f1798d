-- Which orders were released in a wave? The newest of that name counts; an empty node asks for any.
SELECT arrayJoin(JSONExtract(data, 'orders', 'Array(String)')) AS order_id
FROM (
  SELECT data
  FROM events
  WHERE type = 'wave.released' AND refused = '' AND occurred_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND JSONExtractString(data, 'wave') = {wave:String}
  ORDER BY seq DESC
  LIMIT 1
)
