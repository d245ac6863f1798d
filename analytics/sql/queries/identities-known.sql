-- Which of these events do we have? The two lists are pairs by position. Whoever asks compares source and id himself: two
-- events may share a hash.
SELECT DISTINCT source, id
FROM event_identities
WHERE hash IN (SELECT sipHash64(pair.1, pair.2) FROM (SELECT arrayJoin(arrayZip({sources:Array(String)}, {ids:Array(String)})) AS pair))
