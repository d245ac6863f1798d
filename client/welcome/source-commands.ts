/** What somebody types to send a first event. Pure. */

/** A CloudEvent with the key, as any program would send it. */
export function curlForKey(origin: string, source: string, key: string): string {
  return `curl ${origin}/v1/events \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/cloudevents+json" \\
  -d '{"specversion":"1.0","id":"first-order","source":"${source}","type":"order.placed",
       "time":"'$(date -u +%FT%TZ)'",
       "data":{"order":"1001","channel":"${source}","currency":"EUR",
               "lines":[{"line":"1","sku":"MUG-01","quantity":2,"unitPrice":1490}]}}'`;
}

/** An order as Shopify would send it, signed with the secret. */
export function curlForShopify(origin: string, source: string, secret: string): string {
  return `BODY='{"id":1001,"name":"#1001","currency":"EUR","created_at":"'$(date -u +%FT%TZ)'","updated_at":"'$(date -u +%FT%TZ)'",
 "line_items":[{"id":1,"sku":"MUG-01","quantity":2,"price":"14.90"}]}'
SIGNATURE=$(printf '%s' "$BODY" | openssl dgst -sha256 -hmac '${secret}' -binary | base64)
curl ${origin}/v1/webhooks/${source} -H "Content-Type: application/json" \\
  -H "X-Shopify-Topic: orders/create" -H "X-Shopify-Webhook-Id: first" \\
  -H "X-Shopify-Hmac-Sha256: $SIGNATURE" -d "$BODY"`;
}

export const shopifyTopics = [
  'orders/create',
  'orders/updated',
  'orders/cancelled',
  'fulfillments/create',
  'fulfillments/update',
  'refunds/create',
  'products/create',
  'products/update',
  'inventory_levels/update',
];

/** For what is too large for the page. */
export function commandForLarge(kind: 'events' | 'settings' | 'other', file: string, origin: string): string {
  if (kind === 'settings') return `npm run tideline -- settings import ${file} --dry-run`;
  if (kind === 'other') return `npm run tideline -- replay ${file} --mapping mapping.yaml`;
  return `split -l 5000 ${file} part-
for part in part-*; do
  curl -sS ${origin}/v1/events -H "Authorization: Bearer tl_..." \\
    -H "Content-Type: application/x-ndjson" --data-binary @$part
done`;
}
