/** Rows that KPIs are asked from where no view has them as they are. Each is a SELECT over the views of analysts. */

/** Changes of stock per day and per hour, named as those of each movement are. */
export const stockChangesBy = {
  day: `SELECT sku, node, place, day AS at, change
FROM stock_days`,
  hour: `SELECT sku, node, place, hour AS at, change
FROM stock_hours`,
};

/** The same with what they are worth. */
export const valuedStockChangesBy = {
  day: `SELECT sku, node, place, day AS at,
       change * ifNull(ifNull(average_cost, standard_cost), 0) AS worth
FROM stock_days
LEFT JOIN items USING (sku)`,
  hour: `SELECT sku, node, place, hour AS at,
       change * ifNull(ifNull(average_cost, standard_cost), 0) AS worth
FROM stock_hours
LEFT JOIN items USING (sku)`,
};

/** Changes of stock with what they are worth at what a unit costs now: its moving average, else its standard cost. */
export const valuedStockChanges = `SELECT at, seq, sku, node, place, change, reason, order_id,
       change * ifNull(ifNull(average_cost, standard_cost), 0) AS worth
FROM stock_changes
LEFT JOIN items USING (sku)`;

/** Each change takes back what the exception stood at before, where it stood, and adds what it stands at now. */
export const moneyAtRiskChanges = `SELECT at, seq, exception_id, kind, title, change, entry.1 AS channel, entry.2 AS node, entry.3 AS amount
FROM (
    SELECT at, seq, exception_id, kind, title, change, channel_now, node_now,
           if(change IN ('closed', 'resolved', 'dismissed'), 0, money_at_risk) AS stands_at,
           lagInFrame(channel_now) OVER earlier AS channel_before,
           lagInFrame(node_now) OVER earlier AS node_before,
           lagInFrame(stands_at) OVER earlier AS stood_at
    FROM (
        SELECT at, seq, exception_id, kind, title, change, money_at_risk,
               toString(channel) AS channel_now, toString(node) AS node_now
        FROM exception_changes
        WHERE change IN ('opened', 'updated', 'closed', 'resolved', 'dismissed', 'reopened')
    )
    WINDOW earlier AS (PARTITION BY exception_id ORDER BY seq ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
)
ARRAY JOIN [(channel_before, node_before, -stood_at), (channel_now, node_now, stands_at)] AS entry`;

/** Steps that begin and end a state of an order, of orders accepted since such steps are told. */
export const stepsSinceRecord = (
  opened: string,
  closed: string,
): string => `SELECT at, step, sign, order_id, line, sku, channel, node, country, quantity, amount
FROM order_steps
WHERE step IN ('${opened}', '${closed}')
  AND placed_at >= (SELECT min(at) FROM kpi_days WHERE step = 'order-accepted' AND cause != '')`;
