-- Where history is written: one row per event with everything it did. The table keeps nothing (engine Null); the views of
-- the files that follow share each block out to the tables that are asked. So one INSERT with one token writes all of
-- history, a repeated one writes only what is missing, and no list is stored twice.
--
-- Times arrive as epoch milliseconds (Int64: as DateTime64 the engine would take small numbers for seconds).
-- Times within the lists of movements and steps are distances from occurred_at. The lists' columns, in order:
--   movements    after, sku, from_node, from_place, to_node, to_place, quantity, reason, order, line
--   steps        place in step_orders (from 1), step, sign, after, line, sku, quantity, amount, cost, short, duration_ms, cause
--   step_orders  order, channel, node, country, currency, placed_at, ship_by
--   exceptions   id, kind, subject, change, at, since, title, severity, money_at_risk, deadline, sku, node, channel, order, source, by
--   orders       order, source, channel, node, country, currency, customer, status, placed_at, ship_by, deliver_by,
--                dispatched_at, lines, units, open_units, amount, cost
CREATE TABLE IF NOT EXISTS facts
(
    seq         UInt64,
    id          String,
    source      String,
    type        String,
    subject     String,
    occurred_at Int64,
    observed_at Int64,
    received_at Int64,
    corrects    String,
    data        String,
    refused     String,
    movements   Array(Tuple(Int64, String, String, String, String, String, Int64, String, String, String)),
    steps       Array(Tuple(UInt32, String, Int8, Int64, String, String, Int64, Int64, Int64, Int64, Int64, String)),
    step_orders Array(Tuple(String, String, String, String, String, Int64, Int64)),
    exceptions  Array(Tuple(String, String, String, String, Int64, Int64, String, String, Int64, Int64, String, String, String, String, String, String)),
    orders      Array(Tuple(String, String, String, String, String, String, String, String, Int64, Int64, Int64, Int64, UInt32, Int64, Int64, Int64, Int64))
)
ENGINE = Null;
