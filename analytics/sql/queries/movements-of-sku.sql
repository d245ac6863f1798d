-- Why is this number what it is? The movements of a SKU, newest first; with a node, what each did to it (to one bucket of
-- it, or to all that is on hand there) and the balance after it. The balance of the newest row is the sum of all; every
-- older one is that sum without the changes since. A page ends with all movements of its last event.
WITH
    {node:String} != '' AND from_node = {node:String} AND if({bucket:String} = '', from_place != 'in-transit', from_place = {bucket:String}) AS leaves,
    {node:String} != '' AND to_node = {node:String} AND if({bucket:String} = '', to_place != 'in-transit', to_place = {bucket:String}) AS enters,
    page AS (
        SELECT seq, position, at, received_at, source, event_type, from_node, from_place, to_node, to_place, quantity,
               reason, order_id, quantity * (toInt64(enters) - toInt64(leaves)) AS change
        FROM movements
        WHERE sku = {sku:String} AND seq < {before:UInt64} AND ({node:String} = '' OR leaves OR enters)
        ORDER BY seq DESC
        LIMIT {limit:UInt32} WITH TIES
    ),
    (
        SELECT sum(quantity * (toInt64(enters) - toInt64(leaves)))
        FROM movements
        WHERE sku = {sku:String} AND seq < {before:UInt64} AND {node:String} != ''
    ) AS total
SELECT page.seq AS seq, toUnixTimestamp64Milli(at) AS occurredAt, toUnixTimestamp64Milli(received_at) AS receivedAt,
       source, known.id AS eventId, event_type AS eventType, from_node AS fromNode, from_place AS fromPlace,
       to_node AS toNode, to_place AS toPlace, quantity, reason, order_id AS "order", change,
       total + change - sum(change) OVER (ORDER BY page.seq DESC, position DESC) AS balance
FROM page
LEFT ANY JOIN (SELECT seq, id FROM events WHERE seq IN (SELECT seq FROM page)) AS known ON known.seq = page.seq
ORDER BY page.seq DESC, position DESC
