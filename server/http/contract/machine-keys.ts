/** Keys of machines, and the secrets that sign webhooks. What is secret is shown once. */
import { z } from 'zod';

const time = z.int(); // epoch milliseconds, UTC
export const KEY_DAYS_MAX = 3_650;

const sourceName = z
  .string()
  .trim()
  .regex(/^(\*|[A-Za-z0-9][A-Za-z0-9._:-]{0,119})$/, 'must be letters, digits and . _ : -, or * for any');

export const machineKey = z.object({
  id: z.string(),
  source: z.string(),
  scope: z.enum(['ingest', 'read']),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable(),
  /** Another one took its place; it still works until it expires. */
  replaced: z.boolean(),
});
export type MachineKeyView = z.infer<typeof machineKey>;
export const machineKeys = z.object({ items: z.array(machineKey) });
export const keyRequest = z.object({
  source: sourceName,
  scope: z.enum(['ingest', 'read']).default('ingest'),
  /** Never, when absent. */
  expiresInDays: z.number().min(1).max(KEY_DAYS_MAX).optional(),
});
export const keyRotation = z.object({
  /** How long the old key still works beside the new one. */
  oldWorksForHours: z
    .number()
    .min(0)
    .max(24 * 30)
    .default(24),
});
export const createdKey = z.object({ key: machineKey, text: z.string() });
export type CreatedKey = z.infer<typeof createdKey>;

export const webhookSecrets = z.object({
  source: z.string(),
  connector: z.string(),
  /** How many sign at present. */
  secrets: z.int(),
});
export type WebhookSecrets = z.infer<typeof webhookSecrets>;
export const webhooksAnswer = z.object({ items: z.array(webhookSecrets), connectors: z.array(z.string()) });
export const webhookSecretRequest = z.object({
  source: sourceName.refine((name) => name !== '*', 'needs a name'),
  connector: z.string().max(60),
  /** What the other system signs with; made here when absent. */
  secret: z.string().min(8, 'must have at least 8 characters').max(400).optional(),
});
/** `secret` only when it was made here: shown once. */
export const webhookSecretAdded = webhookSecrets.extend({ secret: z.string().nullable() });
export type WebhookSecretAdded = z.infer<typeof webhookSecretAdded>;
