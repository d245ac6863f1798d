/** Who is answered next: a few places, turns by person, and a bounded line for each. */

export type FairQueueOptions = {
  placesMax: number;
  /** Of one person, running at once: below `placesMax`, so that one place is always for somebody else. */
  perPersonMax: number;
  /** Of one person, waiting. */
  waitingMax: number;
  /** Whole answers take minutes: so many places at most are theirs. */
  wholeMax: number;
};
export type Kind = 'shown' | 'whole';
export type Ticket = {
  /** Resolves when it is its turn. Rejects with the signal's reason when nobody wants it any more. */
  turn: Promise<void>;
  /** How many of one's own and of others come first; null once it is its turn. */
  ahead(): number | null;
  /** Gives the place back; to be called in any case. */
  leave(): void;
};
export type FairQueue = ReturnType<typeof createFairQueue>;

export class LineIsFull extends Error {}

type Waiting = { person: string; kind: Kind; start: () => void };

export function createFairQueue(options: FairQueueOptions) {
  const waiting = new Map<string, Waiting[]>();
  const running = new Map<string, number>();
  /** When each person got a turn last, counted in turns. */
  const served = new Map<string, number>();
  let turns = 0;
  let taken = 0;
  let takenByWhole = 0;

  const runningOf = (person: string) => running.get(person) ?? 0;
  const lineOf = (person: string) => waiting.get(person) ?? [];

  /** The next one of a person that may run now. */
  function candidate(person: string): Waiting | undefined {
    if (runningOf(person) >= options.perPersonMax) return undefined;
    return lineOf(person).find(({ kind }) => kind !== 'whole' || takenByWhole < options.wholeMax);
  }

  /** Whoever has fewest running is first; among them, whose last turn is longest ago, then who came first. */
  const byTurn = (a: string, b: string): number =>
    runningOf(a) - runningOf(b) || (served.get(a) ?? 0) - (served.get(b) ?? 0);

  function next(): Waiting | undefined {
    const persons = [...waiting.keys()].filter((person) => candidate(person) !== undefined);
    persons.sort(byTurn);
    return persons[0] === undefined ? undefined : candidate(persons[0]);
  }

  function remove(one: Waiting): void {
    const rest = lineOf(one.person).filter((other) => other !== one);
    if (rest.length > 0) waiting.set(one.person, rest);
    else waiting.delete(one.person);
  }

  function fill(): void {
    while (taken < options.placesMax) {
      const one = next();
      if (one === undefined) return;
      remove(one);
      taken += 1;
      if (one.kind === 'whole') takenByWhole += 1;
      running.set(one.person, runningOf(one.person) + 1);
      served.set(one.person, ++turns);
      one.start();
    }
  }

  /** @throws LineIsFull */
  function enter(person: string, kind: Kind, signal: AbortSignal): Ticket {
    if (lineOf(person).length >= options.waitingMax) {
      throw new LineIsFull(`${options.waitingMax} questions of yours wait already.`);
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined);
    let state: 'waiting' | 'running' | 'over' = 'waiting';
    const one: Waiting = {
      person,
      kind,
      start() {
        state = 'running';
        signal.removeEventListener('abort', onAbort);
        resolve();
      },
    };
    const onAbort = () => {
      leave();
      reject(signal.reason);
    };
    function leave(): void {
      if (state === 'waiting') remove(one);
      if (state === 'running') {
        taken -= 1;
        if (kind === 'whole') takenByWhole -= 1;
        const left = runningOf(person) - 1;
        if (left > 0) running.set(person, left);
        else running.delete(person);
        // Those who ask again after all lines were empty begin alike.
        if (taken === 0 && waiting.size === 0) served.clear();
      }
      state = 'over';
      signal.removeEventListener('abort', onAbort);
      fill();
    }
    waiting.set(person, [...lineOf(person), one]);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else fill();
    return { turn: promise, leave, ahead: () => (state === 'waiting' ? aheadOf(one) : null) };
  }

  /** In turns: each other person is asked once for every one of ours, and once more when its turn is before ours. */
  function aheadOf(one: Waiting): number {
    const own = lineOf(one.person).indexOf(one);
    const inTurn = [...waiting.keys()].sort(byTurn);
    const ofOthers = inTurn.map((person, at) => {
      if (person === one.person) return 0;
      return Math.min(lineOf(person).length, own + (at < inTurn.indexOf(one.person) ? 1 : 0));
    });
    return ofOthers.reduce((sum, count) => sum + count, own);
  }

  return { enter, waiting: () => [...waiting.values()].flat().length, running: () => taken };
}
