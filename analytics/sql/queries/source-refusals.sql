-- Which events of a source were refused lately, by their type and the reason without its numbers and names?
SELECT type, any(refused) AS example, any(id) AS event, count() AS events,
       toUnixTimestamp64Milli(max(received_at)) AS lastAt
FROM (SELECT *, JSONExtractString(data, 'order') AS order_id FROM events)
WHERE source = {source:String} AND refused != '' AND received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
GROUP BY type,
         replaceRegexpAll(replaceAll(refused, if(order_id = '', subject, order_id), '#'), '[A-Za-z]*[-_]?[0-9][A-Za-z0-9_-]*', '#')
ORDER BY events DESC
LIMIT {limit:UInt32}
