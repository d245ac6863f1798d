import type { createClient } from 'redis';

/** The client the runtime made, as every part of ingestion receives it. */
export type Redis = ReturnType<typeof createClient>;
