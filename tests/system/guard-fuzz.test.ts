/** Whatever must not run is refused wherever it stands in a question. */
import { afterAll, describe, expect, test } from 'vitest';
import { createGuard, type Guard } from '../../analytics/guard/index.ts';
import { type Random, randomOf } from '../../server/simulated-company/random.ts';
import { corpusSchema } from '../support/guard/corpus.ts';
import { constantPlaces, expressionPlaces, expressions, tablePlaces, tables } from '../support/guard/placements.ts';
import { openGuardSession } from '../support/guard/session-engine.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 20261123);
const session = openGuardSession();
const guard: Guard = createGuard({ engine: session, schema: corpusSchema });
afterAll(() => session.close());

/** Texts for which the guard says something else than it should. */
async function surprises(texts: readonly string[], shouldPass: boolean): Promise<string[]> {
  const found: string[] = [];
  for (const text of texts) {
    const { canonical, faults } = await guard.check(text);
    if ((canonical !== null) !== shouldPass) found.push(shouldPass ? `${text}: ${faults[0]?.what}` : text);
  }
  return found;
}

const put = (place: string, what: string): string => place.replaceAll(/\{[XT]\}/g, () => what);

/** Comments and white space where a space is, outside of texts: nothing the engine would mind. */
function disguised(random: Random, text: string): string {
  const spaces = ['  ', '\n', '\t', ' /* x */ ', '\r\n', ' -- y\n', ' /* ; SELECT */ '];
  return text
    .split(/('[^']*'|`[^`]*`)/)
    .map((part, at) =>
      at % 2 === 1 ? part : part.replaceAll(' ', () => (random.chance(0.2) ? random.pick(spaces) : ' ')),
    )
    .join('');
}

describe(`fuzz (SEED=${seed})`, () => {
  test('with something harmless in it, every place passes', async () => {
    expect(
      await surprises(
        expressionPlaces.map((place) => put(place, 'toUInt8(1)')),
        true,
      ),
    ).toEqual([]);
    expect(
      await surprises(
        tablePlaces.map((place) => put(place, 'ops.orders')),
        true,
      ),
    ).toEqual([]);
  });

  test('every attack is refused in every place', { timeout: 120_000 }, async () => {
    const random = randomOf(seed, 'disguise');
    const texts = [
      ...[...expressionPlaces, ...constantPlaces].flatMap((place) => expressions.map((what) => put(place, what))),
      ...tablePlaces.flatMap((place) => tables.map((what) => put(place, what))),
    ].map((text) => disguised(random, text));
    console.info(`${texts.length} placements, seed ${seed}`);
    expect(await surprises(texts, false)).toEqual([]);
  });

  test('every attack is refused in places within places', { timeout: 120_000 }, async () => {
    const random = randomOf(seed, 'nesting');
    const texts = Array.from({ length: 1_500 }, () => {
      let inner = random.pick(expressions);
      for (let depth = random.int(1, 3); depth > 0; depth -= 1) {
        const place = random.pick(expressionPlaces);
        inner = random.chance(0.5)
          ? `(SELECT count() FROM (${put(place, inner)}))`
          : `toUInt8(1) + (SELECT 1 WHERE EXISTS (${put(place, inner)}))`;
      }
      return disguised(random, put(random.pick(expressionPlaces), inner));
    });
    expect(await surprises(texts, false)).toEqual([]);
  });
});
