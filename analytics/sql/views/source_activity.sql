-- One row per source and minute of arrival, however many parts it is stored in.
SELECT source, minute, events, refused, last_received, last_occurred
FROM source_activity FINAL
