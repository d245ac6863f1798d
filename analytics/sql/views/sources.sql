-- Who sent how much, and when we last heard of them.
SELECT source, sum(source_activity.events) AS events, sum(source_activity.refused) AS refused, min(minute) AS first_received,
       max(source_activity.last_received) AS last_received, max(source_activity.last_occurred) AS last_occurred
FROM source_activity
GROUP BY source
