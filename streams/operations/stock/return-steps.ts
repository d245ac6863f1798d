/** What becomes of returned goods: judged, by the policy or by somebody, and how long after they came. */
import type { Draft } from '../draft.ts';
import type { Transition } from '../effects.ts';
import { retell } from '../orders/tell-facts.ts';
import { stepOfNoOrder } from '../step.ts';
import type { Return } from './return-state.ts';

/** Follows a return from how it was to how it is. */
export function tellJudged(draft: Draft, before: Return | undefined, after: Return): void {
  retell(draft, before === undefined ? [] : judgedOf(before), judgedOf(after));
}

/** Nothing before the goods have come: until then nobody knows how long it took. */
function judgedOf(state: Return): Transition[] {
  const { receipts = [] } = state;
  if (receipts.length === 0) return [];
  const tell = (sku: string, cause: string, quantity: number, at: number): Transition => {
    // Of a return that came in parts, the part that was there; of clocks that disagree, no time.
    const came = receipts.findLast((receipt) => receipt <= at) ?? at;
    return stepOfNoOrder({
      step: 'return-judged',
      at,
      order: state.order,
      line: state.return,
      sku,
      channel: state.channel ?? '',
      node: state.node,
      country: state.country ?? '',
      quantity,
      durationMs: at - came,
      cause,
    });
  };
  const byPolicy = state.lines.flatMap(({ sku, to, done, doneAt }) =>
    done > 0 && doneAt !== undefined ? [tell(sku, to, done, doneAt)] : [],
  );
  const bySomebody = (state.verdicts ?? []).map(({ sku, to, quantity, at }) => tell(sku, to, quantity, at));
  return [...byPolicy, ...bySomebody];
}
