/** The simulated company, which predicts stockouts and receipts once a day and cut-offs at each full hour. */
import { startCompany } from '../../../server/simulated-company/simulate-company.ts';
import type { CompanyOptions } from '../../../server/simulated-company/world.ts';
import { understandCloudEvent } from '../../../streams/events/envelope.ts';
import { cutOffPredicted } from '../../../streams/operations/predictions/cut-off-miss.ts';
import { lateReceipts } from '../../../streams/operations/predictions/late-receipt.ts';
import { stockoutPredicted } from '../../../streams/operations/predictions/stockout.ts';
import { DAY_MS, openBook, type Row } from './book.ts';

const HOUR_MS = 3_600_000;
const CUT_OFF_WITHIN_MS = 12 * HOUR_MS;
const RECEIPT_WITHIN_MS = 15 * DAY_MS;
/** Once a day at this hour, UTC. */
const DAILY_HOUR = 12;

export function playPredictions(options: CompanyOptions, days: number): { rows: Row[]; events: number } {
  const { nextDelivery } = startCompany(options);
  const book = openBook();
  const { world } = book;
  const until = options.from + days * DAY_MS;
  const seen = new Set<string>();
  let nextHour = Math.ceil(options.from / HOUR_MS) * HOUR_MS + HOUR_MS;

  function predict(at: number): void {
    const draft = world.draft();
    for (const wave of world.all('wave'))
      if (wave.shipBy <= at + CUT_OFF_WITHIN_MS)
        book.say([cutOffPredicted(draft, wave, at)].filter((one) => one !== null));
    if ((at / HOUR_MS) % 24 !== DAILY_HOUR) return;
    for (const stock of world.all('stock'))
      book.say([stockoutPredicted(draft, stock, at)].filter((one) => one !== null));
    for (const order of world.all('purchase-order'))
      book.say(lateReceipts(draft, order, at).filter(({ horizon }) => horizon < at + RECEIPT_WITHIN_MS));
  }

  for (;;) {
    const { deliverAt, event: raw } = nextDelivery();
    while (nextHour <= Math.min(deliverAt, until)) {
      book.settle(nextHour);
      predict(nextHour);
      nextHour += HOUR_MS;
    }
    book.passDeadlines(Math.min(deliverAt, until));
    if (deliverAt >= until) break;
    const understood = understandCloudEvent(raw, deliverAt);
    if ('problem' in understood) throw new Error(`${raw.type}: ${understood.problem}`);
    const { event } = understood;
    if (seen.has(`${event.source}|${event.id}`)) continue;
    seen.add(`${event.source}|${event.id}`);
    book.apply(event);
  }
  return { rows: book.rows, events: book.events() };
}
