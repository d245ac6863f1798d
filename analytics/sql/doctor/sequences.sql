-- Is every event there exactly once? The sequence has no gaps, so the count follows from its ends.
SELECT toString(count()) AS facts, toString(min(seq)) AS first, toString(max(seq)) AS last
FROM events
