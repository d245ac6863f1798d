-- The hours of stock are ordered by SKU, for the story of one; what moved in a day, of all SKUs, had to be looked for in all
-- of them. A projection keeps the same rows in the order of time within each part, and the engine takes whichever is shorter.
-- (A table that sums while it merges must be told to make its projections anew then.)
ALTER TABLE stock_hours MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild';
ALTER TABLE stock_hours ADD PROJECTION IF NOT EXISTS by_time (SELECT sku, node, place, hour, change ORDER BY hour);
ALTER TABLE stock_hours MATERIALIZE PROJECTION by_time;
