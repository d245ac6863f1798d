/** What the suggested actions would do, worked out before anybody asks: the best few, once the panel rests on one. */
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { ActionPreview } from '../../server/http/contract/actions.ts';
import { asProblem } from '../http/load.ts';
import { type CatalogEntry, fieldsOf, type Offer, previewAction } from './actions.ts';

/** Each preview folds a copy of the states it needs: more than these are looked at when asked for. */
export const PREVIEWED_MAX = 3;
const RESTED_MS = 250;

/** An offer and its place among the suggestions: places stay when one of them is done. */
export type PlacedOffer = { place: number; offer: Offer };
export type Previewed = { preview: ActionPreview } | { missing: string[] } | { problem: string };

/** @returns previews by the place of the offer, absent while it is being worked out; and whether those shown are from before a step of one's own */
export function useOfferPreviews(
  offers: () => readonly PlacedOffer[],
  catalog: () => ReadonlyMap<string, CatalogEntry> | null,
  exception: () => string,
) {
  const previews = shallowRef<ReadonlyMap<number, Previewed>>(new Map());
  const looking = shallowRef(false);
  const round = shallowRef(0);
  let question = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(
    () => JSON.stringify([exception(), offers(), catalog() === null, round.value]),
    () => {
      clearTimeout(timer);
      question += 1;
      timer = setTimeout(() => void look(question), RESTED_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return { previews, looking, again };

  function again(): void {
    looking.value = true;
    round.value += 1;
  }

  async function look(asked: number): Promise<void> {
    const known = catalog();
    const found = new Map<number, Previewed>();
    if (known === null) return;
    await Promise.all(
      offers().map(async ({ place, offer }) => {
        const entry = known.get(offer.kind);
        if (entry === undefined) return;
        const missing = missingOf(entry, offer);
        found.set(place, missing.length > 0 ? { missing } : await ask(offer));
      }),
    );
    if (asked !== question) return;
    previews.value = found;
    looking.value = false;
  }

  async function ask(offer: Offer): Promise<Previewed> {
    try {
      return { preview: await previewAction(offer, exception()) };
    } catch (error) {
      return { problem: asProblem(error).message };
    }
  }
}

/** What a person has to say before it can be previewed, in words. */
export const missingOf = (entry: CatalogEntry, offer: Offer): string[] =>
  fieldsOf(entry)
    .filter(({ name, required }) => required && (offer.input[name] === undefined || offer.input[name] === ''))
    .map(({ label }) => label);

/** `ends it, €18,420 less at risk`: what a planner compares offers by. */
export function effectOf(
  { preview }: { preview: ActionPreview },
  name: string,
  money: (minor: number) => string,
): { words: string; cost: string } {
  const { atRisk, stockValue } = preview.money;
  const own = preview.exceptions.find(({ exception }) => exception === name);
  const others = preview.exceptions.filter(({ exception, change }) => exception !== name && change === 'closes').length;
  const less = atRisk.before - atRisk.after;
  const words = [
    own?.change === 'closes'
      ? 'Ends it'
      : own?.change === 'shrinks'
        ? 'Eases it'
        : own?.change === 'grows'
          ? 'Makes it worse'
          : '',
    others > 0 ? `ends ${others} more` : '',
    less > 0 ? `${money(less)} less at risk` : less < 0 ? `${money(-less)} more at risk` : '',
  ].filter(Boolean);
  const worth = stockValue === undefined ? 0 : stockValue.before - stockValue.after;
  return {
    words: words.join(', ') || (preview.sentences[0] ?? 'Changes no figure yet'),
    cost: worth > 0 ? `costs ${money(worth)} of stock` : '',
  };
}
