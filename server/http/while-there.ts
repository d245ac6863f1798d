/** Whoever goes away is answered no more: what runs for them is given up. */
import type { Response } from 'express';
import { Refusal } from './problems.ts';

export async function whileThere<T>(response: Response, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  try {
    return await ask(gone.signal);
  } catch (error) {
    if (gone.signal.aborted) throw new Refusal(499, { title: 'Given up', detail: 'The caller went away.' });
    throw error;
  } finally {
    response.off('close', leave);
  }
}
