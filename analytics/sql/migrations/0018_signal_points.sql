-- What was expected of a watched series, what it was, and how surprising that was, per bucket as it was judged when it was
-- closed. Late events change the figure in the roll-ups and not this: it says what was known. It is told by the detectors and
-- by no event; when it is lost, they judge history again.
-- Order: series, then time, as charts ask. A bucket that is judged again (a restart goes on from what was saved) replaces
-- the one before. Dropped after 400 days, as the minutes it was made of.
CREATE TABLE IF NOT EXISTS signal_points
(
    series    LowCardinality(String),
    at        DateTime('UTC') CODEC(Delta, ZSTD(1)),
    seconds   UInt32 CODEC(T64, ZSTD(1)),
    value     Nullable(Float64) CODEC(ZSTD(1)),
    low       Float64 CODEC(ZSTD(1)),
    mid       Float64 CODEC(ZSTD(1)),
    high      Float64 CODEC(ZSTD(1)),
    score     Float32 CODEC(ZSTD(1)),
    alert     Float32 CODEC(ZSTD(1)),
    what      LowCardinality(String),
    judged_at UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(judged_at)
ORDER BY (series, at)
TTL at + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1;
