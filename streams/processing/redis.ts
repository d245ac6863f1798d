/** The Redis client as it is handed in: a type only, clients are made in one place. */
import type { createClient } from 'redis';

export type Redis = ReturnType<typeof createClient>;
