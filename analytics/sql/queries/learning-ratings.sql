-- What did people say of exceptions from a time on? The newest of each person about each exception.
SELECT exception_id AS number, actor, toUnixTimestamp64Milli(max(at)) AS saidAt, argMax(useful, (at, seq)) AS isUseful
FROM exception_ratings
WHERE at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
GROUP BY exception_id, actor
