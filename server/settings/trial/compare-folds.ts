/** What two folds of the same events did differently, in figures and decision by decision. Pure. */
import type { States } from '../../../streams/operations/states.ts';
import type { Fact } from '../../../streams/processing/process-batch.ts';
import type { TrialView } from '../../http/contract/settings.ts';

export type Figures = Record<string, number>;
export type Difference = NonNullable<TrialView['differences']>[number];

export type Opening = NonNullable<TrialView['opened']>['asTried'][number];

export const DIFFERENCES_SHOWN_MAX = 100;
export const OPENINGS_MAX = 20_000;

const add = (figures: Figures, name: string, value: number): void => {
  figures[name] = (figures[name] ?? 0) + value;
};

/** Adds what these facts did to the figures of a fold. */
export function measureFacts(figures: Figures, facts: Fact[]): void {
  for (const { effects } of facts) {
    if (effects.refused !== '') add(figures, 'events refused', 1);
    for (const step of effects.transitions) {
      if (step.step === 'line-accepted') {
        add(figures, 'lines accepted', 1);
        add(figures, 'units accepted', step.quantity);
        if (step.short > 0) add(figures, 'lines short when accepted', 1);
        add(figures, 'units short when accepted', step.short);
      }
      if (step.step === 'line-cancelled' && (step.cause === 'stock' || step.cause === 'fulfilment')) {
        add(figures, 'units cancelled by us', step.quantity);
      }
    }
    for (const movement of effects.movements) {
      if (movement.to.place === 'allocated') add(figures, 'units allocated', movement.quantity);
    }
    for (const { policy } of effects.decisions) add(figures, `decisions: ${policy}`, 1);
    add(figures, 'instructions', effects.instructions.length);
    for (const change of effects.exceptions) {
      if (change.change !== 'opened') continue;
      add(figures, 'exceptions opened', 1);
      add(figures, `opened: ${change.kind}`, 1);
      add(figures, 'money at risk when opened', change.moneyAtRisk);
    }
  }
}

/** Adds the exceptions of a kind that these facts opened. */
export function addOpenings(openings: Opening[], facts: Fact[], kind: string): void {
  for (const { effects } of facts) {
    for (const { kind: of, change, subject, title, at, moneyAtRisk } of effects.exceptions) {
      if (of !== kind || change !== 'opened' || openings.length >= OPENINGS_MAX) continue;
      openings.push({ subject, title, at, moneyAtRisk });
    }
  }
}

/** How things stand when the days are over. */
export function measureEnd(figures: Figures, ledgers: Iterable<States['ledger']>): void {
  figures['units waiting at the end'] = 0;
  for (const ledger of ledgers) add(figures, 'units waiting at the end', ledger.waitingUnits);
}

/** Decisions about the same order and line that came out differently, told of the events that both folds have applied. */
export function differencesOf(asItWas: Fact[], asTried: Fact[]): Difference[] {
  const tried = new Map(asTried.map((fact) => [fact.event.id, fact]));
  return asItWas.flatMap((fact) => {
    const other = tried.get(fact.event.id);
    return other === undefined ? [] : differencesIn(fact, other);
  });
}

function differencesIn(was: Fact, now: Fact): Difference[] {
  const outcomes = (fact: Fact) =>
    new Map(fact.effects.decisions.map((made) => [`${made.policy}|${made.order}|${made.line}|${made.sku}`, made]));
  const [before, after] = [outcomes(was), outcomes(now)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [a, b] = [before.get(key), after.get(key)];
    if (a?.outcome === b?.outcome) return [];
    const { order, line } = (a ?? b)!;
    return [{ order, line, asItWas: a?.outcome ?? 'nothing decided', asTried: b?.outcome ?? 'nothing decided' }];
  });
}
