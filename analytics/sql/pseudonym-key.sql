-- What turns customers into pseudonyms, made once and known to nobody: who reads the views cannot read this table.
CREATE TABLE IF NOT EXISTS pseudonym_key (key_0 UInt64, key_1 UInt64, made_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'))
ENGINE = MergeTree ORDER BY made_at
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

INSERT INTO pseudonym_key (key_0, key_1)
SELECT rand64(1), rand64(2) WHERE (SELECT count() FROM pseudonym_key) = 0;
