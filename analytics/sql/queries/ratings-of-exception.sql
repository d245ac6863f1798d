-- What did people say of this exception? The newest of each person, the newest first.
SELECT actor, toUnixTimestamp64Milli(max(at)) AS saidAt, argMax(useful, (at, seq)) AS isUseful, argMax(reason, (at, seq)) AS words
FROM exception_ratings
WHERE kind = {kind:String} AND subject = {subject:String} AND exception_id = {number:String}
GROUP BY actor
ORDER BY saidAt DESC
LIMIT {limit:UInt32}
