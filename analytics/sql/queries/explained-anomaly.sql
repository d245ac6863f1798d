-- What did the detector last say of this series while the anomaly stood?
SELECT seq, toUnixTimestamp64Milli(occurred_at) AS at, data
FROM events
WHERE type = 'anomaly.detected' AND refused = ''
  AND JSONExtractString(data, 'kpi') = {kpi:String}
  AND JSONExtractString(data, 'channel') = {channel:String} AND JSONExtractString(data, 'node') = {node:String}
  AND JSONExtractString(data, 'source') = {source:String} AND JSONExtractString(data, 'sku') = {sku:String}
  AND occurred_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
  AND occurred_at <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
ORDER BY seq DESC
LIMIT 1
