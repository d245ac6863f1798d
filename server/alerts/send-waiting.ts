/** Sends what waits: one message at a time to each target, in order, and some targets at once. */
import { type Delivered, NotDelivered } from './channels/channel.ts';
import { dueFirsts, type KeptDelivery, type Outcome } from './deliveries/delivery.ts';
import type { AlertMessage } from './message.ts';
import type { Target } from './routing/resolve-recipients.ts';

const TARGETS_AT_ONCE_MAX = 16;
/** Whoever has not answered by then is asked again later. */
const SEND_MS_MAX = 60_000;
/** What is on its way when we are asked to stop has this long to arrive; cut off, it would be sent a second time. */
const FINISH_MS_MAX = 1_000;

/** @throws NotDelivered */
export type SendTo = (target: Target, message: AlertMessage, signal: AbortSignal) => Promise<Delivered>;

export type Sending = ReturnType<typeof openSendingWaiting>;

/**
 * @param ended what became of a try; the target gets nothing else until it resolves
 * @param onFault a fault of ours: it is tried again like any other failure
 */
export function openSendingWaiting(deps: {
  sendTo: SendTo;
  ended: (delivery: KeptDelivery, outcome: Outcome, tookMs: number) => Promise<void>;
  onFault: (error: unknown) => void;
  /** A target can be sent the next one. */
  onFree: () => void;
}) {
  const stopping = new AbortController();
  const underWay = new Map<Target, Promise<void>>();
  let isStopping = false;

  function begin(waiting: Iterable<KeptDelivery>, now: number): void {
    for (const delivery of dueFirsts(waiting, now)) {
      if (isStopping || underWay.size >= TARGETS_AT_ONCE_MAX) return;
      if (underWay.has(delivery.target)) continue;
      const sent = send(delivery).finally(() => {
        underWay.delete(delivery.target);
        if (!isStopping) deps.onFree();
      });
      underWay.set(delivery.target, sent);
    }
  }

  async function send(delivery: KeptDelivery): Promise<void> {
    const begun = performance.now();
    const outcome = await tryOnce(delivery);
    // Whether it was taken is not known: it is sent again under the same id by whoever comes next.
    if (outcome !== null) await deps.ended(delivery, outcome, performance.now() - begun);
  }

  async function tryOnce({ target, message }: KeptDelivery): Promise<Outcome | null> {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(SEND_MS_MAX)]);
    try {
      const { reference, answer } = await unlessAborted(deps.sendTo(target, message, signal), signal);
      return { delivered: true, reference, words: answer };
    } catch (error) {
      if (stopping.signal.aborted) return null;
      if (error instanceof NotDelivered) {
        return { delivered: false, final: error.final, retryAfterMs: error.retryAfterMs, words: error.message };
      }
      const again = { delivered: false, final: false, retryAfterMs: 0 } as const;
      if (signal.aborted) return { ...again, words: `No answer within ${SEND_MS_MAX / 1_000} s.` };
      deps.onFault(error);
      return { ...again, words: 'Something went wrong on our side.' };
    }
  }

  return {
    begin,
    underWay: () => underWay.size,
    async stop() {
      isStopping = true;
      const sent = Promise.all(underWay.values());
      const cut = setTimeout(() => stopping.abort(), FINISH_MS_MAX);
      await sent;
      clearTimeout(cut);
    },
  };
}

/** Also where who was asked does not listen to the signal. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cut = () => reject(new Error('aborted'));
    if (signal.aborted) cut();
    signal.addEventListener('abort', cut, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cut));
  });
}
