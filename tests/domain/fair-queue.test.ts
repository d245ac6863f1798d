import { describe, expect, test } from 'vitest';
import { createFairQueue, LineIsFull } from '../../server/analyst/fair-queue.ts';

const options = { placesMax: 3, perPersonMax: 2, waitingMax: 20, wholeMax: 1 };
const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Asks for everybody, then lets one answer end per round, oldest first; tells in which round each began. */
async function play(asks: readonly string[]): Promise<{ person: string; round: number }[]> {
  const queue = createFairQueue(options);
  const began: { person: string; round: number }[] = [];
  const running: (() => void)[] = [];
  let round = 0;
  for (const person of asks) {
    const ticket = queue.enter(person, 'shown', never);
    void ticket.turn.then(() => {
      began.push({ person, round });
      running.push(ticket.leave);
    });
  }
  await settled();
  while (running.length > 0) {
    round += 1;
    running.shift()!();
    await settled();
  }
  expect(queue.running()).toBe(0);
  return began;
}

describe('the queue of analysts', () => {
  test('twenty people with five questions each get their turns one after the other', async () => {
    const people = Array.from({ length: 20 }, (_, at) => `analyst-${at}`);
    const began = await play(people.flatMap((person) => Array(5).fill(person) as string[]));
    expect(began).toHaveLength(100);
    // Nobody's turn comes later than after everybody has had as many: first answers within 20 turns, second within 40.
    for (let answered = 1; answered <= 5; answered++) {
      const rounds = people.map((person) => began.filter((one) => one.person === person)[answered - 1]!.round);
      expect(Math.max(...rounds)).toBeLessThanOrEqual(people.length * answered);
    }
  });

  test('one who floods delays another by one turn', async () => {
    const began = await play([...(Array(20).fill('flood') as string[]), 'other']);
    expect(began.find(({ person }) => person === 'other')!.round).toBe(0);
    expect(began.filter(({ round }) => round === 0).map(({ person }) => person)).toEqual(['flood', 'flood', 'other']);
  });

  test('answers for files leave places for those who look at a screen', async () => {
    const queue = createFairQueue(options);
    const turns: string[] = [];
    const enter = (person: string, kind: 'shown' | 'whole') => {
      const ticket = queue.enter(person, kind, never);
      void ticket.turn.then(() => turns.push(`${person} ${kind}`));
      return ticket;
    };
    const first = enter('a', 'whole');
    enter('b', 'whole');
    enter('c', 'whole');
    enter('d', 'shown');
    await settled();
    expect(turns).toEqual(['a whole', 'd shown']);
    first.leave();
    await settled();
    expect(turns).toEqual(['a whole', 'd shown', 'b whole']);
  });

  test('who gives up leaves the line, and the places go to those behind', async () => {
    const queue = createFairQueue({ ...options, placesMax: 1, perPersonMax: 1 });
    const first = queue.enter('a', 'shown', never);
    const givingUp = new AbortController();
    const second = queue.enter('b', 'shown', givingUp.signal);
    const third = queue.enter('c', 'shown', never);
    expect([first.ahead(), second.ahead(), third.ahead()]).toEqual([null, 0, 1]);
    givingUp.abort(new Error('no more'));
    await expect(second.turn).rejects.toThrow('no more');
    second.leave();
    expect(third.ahead()).toBe(0);
    first.leave();
    first.leave();
    await third.turn;
    expect(queue.running()).toBe(1);
  });

  test('a line has an end', () => {
    const queue = createFairQueue({ ...options, waitingMax: 2 });
    for (let asked = 0; asked < 4; asked++) queue.enter('a', 'shown', never);
    expect(() => queue.enter('a', 'shown', never)).toThrow(LineIsFull);
    expect(() => queue.enter('b', 'shown', never)).not.toThrow();
  });
});
