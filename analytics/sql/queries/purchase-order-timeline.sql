-- What was said about this purchase order, and what came under it? Receipts are found by their SKU, everything else by its type.
SELECT seq, source, type, data, refused, toUnixTimestamp64Milli(occurred_at) AS occurredAt
FROM events
WHERE (type IN ('purchase-order.confirmed', 'purchase-order.changed', 'purchase-order.cancelled')
       OR (type = 'stock.received' AND seq IN (SELECT seq FROM event_subjects WHERE subject IN {skus:Array(String)})))
  AND JSONExtractString(data, 'purchaseOrder') = {purchaseOrder:String}
ORDER BY seq
LIMIT {limit:UInt32}
