-- What people said of exceptions, as it is stored.
SELECT exception_id, kind, subject, at, useful, reason, actor, seq, received_at
FROM exception_ratings
