/** Wall screens: how one is paired by a code on it, and what an admin sees of them. */
import { z } from 'zod';
import { ability } from './access.ts';

const time = z.int(); // epoch milliseconds, UTC
export const BOARDS_PER_DEVICE_MAX = 20;

/** Shown in two halves; letters and digits that nobody mistakes for one another. */
export const pairingCode = z
  .string()
  .trim()
  .toUpperCase()
  .transform((code) => code.replaceAll(/[^A-Z0-9]/g, ''))
  .pipe(z.string().length(8, 'has eight letters and digits'));
const deviceName = z.string().trim().min(1).max(80);
const boards = z.array(z.string().min(1).max(120)).min(1, 'needs a board').max(BOARDS_PER_DEVICE_MAX);

export const pairing = z.object({ code: z.string(), secret: z.string(), expiresAt: time });
export type Pairing = z.infer<typeof pairing>;
export const pairingClaim = z.object({ code: pairingCode, secret: z.string().min(1).max(200) });
export const pairedDevice = z.object({ id: z.string(), name: z.string(), boards: z.array(z.string()) });
export type PairedDevice = z.infer<typeof pairedDevice>;
export const pairingState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('waiting') }),
  z.object({ state: z.literal('paired'), device: pairedDevice }),
]);
/** A paired screen, as it learns about itself. */
export const deviceSession = pairedDevice.extend({ abilities: z.array(ability) });

/** Where a code was asked for, so that an admin approves the screen in front of them and no other. */
export const waitingPairing = z.object({
  code: z.string(),
  address: z.string(),
  browser: z.string(),
  expiresAt: time,
});
export type WaitingPairing = z.infer<typeof waitingPairing>;
export const deviceApproval = z.object({ code: pairingCode, name: deviceName, boards });
export const deviceChange = z.object({ name: deviceName, boards });
export const device = pairedDevice.extend({
  createdAt: time,
  approvedBy: z.string(),
  lastSeenAt: time.nullable(),
  address: z.string(),
});
export type Device = z.infer<typeof device>;
export const devicesAnswer = z.object({ items: z.array(device) });
