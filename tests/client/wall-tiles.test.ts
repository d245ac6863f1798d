import { mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import BoardTileView from '../../client/wall/BoardTileView.vue';
import { screenFreshness } from '../../client/wall/freshness.ts';
import KpiTileCard from '../../client/wall/KpiTileCard.vue';
import NodeTile from '../../client/wall/NodeTile.vue';
import { drawStory } from '../../client/wall/story-geometry.ts';
import { useWorkspace } from '../../client/workspace/workspace.ts';
import type { KpiTile, NodeCard, ShipStory } from '../../server/live/contract/tiles.ts';

const tile: KpiTile = {
  id: 'on-time-dispatch',
  name: 'Dispatched on time',
  question: 'Which share left in time?',
  period: 'last 24 hours',
  part: {},
  why: null,
  unit: 'percent',
  value: 98.1,
  target: 97.5,
  direction: 'up',
  status: 'ok',
  comparison: { label: 'in 1h', value: 98.5, change: -0.4, relative: false },
  spark: { from: 0, stepMs: 60_000, values: [98, null, 98.1] },
  asOf: 1_000,
  staleSources: [],
};
const show = (change: Partial<KpiTile>) =>
  mount(KpiTileCard, { props: { tile: { ...tile, ...change } }, global: { plugins: [createPinia()] } });
const sign = (wrapper: ReturnType<typeof show>) => wrapper.find('svg.sign').attributes('aria-label');

describe('a tile of the wall', () => {
  it('on target shows its value and no sign', () => {
    const wrapper = show({});
    expect(wrapper.get('[data-figure]').text()).toBe('98.1%');
    expect(wrapper.find('svg.sign').exists()).toBe(false);
    expect(wrapper.text()).toContain('0.4 pt');
  });

  it('off target says so by shape and by words', () => {
    const wrapper = show({ value: 96.8, status: 'critical' });
    expect(sign(wrapper)).toBe('Critical');
    expect(wrapper.get('.target').text()).toBe('Target 97.5%');
  });

  it('without data shows a dash and says why there is none', () => {
    const wrapper = show({ value: null, status: 'none', comparison: null, why: 'Nothing was due in the last 7 days.' });
    expect(wrapper.get('[data-figure]').text()).toBe('–');
    expect(wrapper.text()).toContain('Nothing was due in the last 7 days.');
    expect(wrapper.find('.age').exists()).toBe(false);
  });

  it('says which part of the operation and which time it is about', () => {
    expect(
      show({ part: { node: 'Berlin' } })
        .get('h2')
        .text(),
    ).toBe('Dispatched on time Berlin, last 24 hours');
  });

  it('that cannot be worked out says so, and shows no figure', () => {
    const wrapper = mount(BoardTileView, {
      props: {
        tile: { id: 'a', kind: 'kpi', kpi: 'gone', x: 0, y: 0, w: 3, h: 3 },
        content: { problem: 'There is no KPI "gone" here.' },
        size: { width: 400, height: 280 },
      },
      global: { plugins: [createPinia()] },
    });
    expect(wrapper.text()).toContain('Cannot be shown');
    expect(wrapper.text()).toContain('There is no KPI "gone" here.');
    expect(wrapper.find('[data-figure]').exists()).toBe(false);
  });

  it('zero is a value', () => {
    expect(show({ value: 0, unit: 'count' }).get('[data-figure]').text()).toBe('0');
  });

  it('with a silent source looks stale, never fine and never red', () => {
    const wrapper = show({ status: 'critical', staleSources: ['Wholesale EDI'] });
    expect(sign(wrapper)).toBe('Stale');
    expect(wrapper.text()).toContain('Wholesale EDI silent');
  });
});

describe('a node of the wall', () => {
  const card: NodeCard = {
    node: 'ams-1',
    name: 'Amsterdam',
    status: 'high',
    toShip: 3_105,
    pickedShare: 0.69,
    expectedShare: 0.72,
    clearsAt: Date.UTC(2026, 10, 10, 16, 48),
    dueAt: Date.UTC(2026, 10, 10, 17, 0),
    timeZone: 'Europe/Amsterdam',
  };
  /** At noon of that day, unless said otherwise. */
  function mountNode(change: Partial<NodeCard> = {}, now = Date.UTC(2026, 10, 10, 12, 0)) {
    const pinia = createPinia();
    useWorkspace(pinia).clock = now;
    return mount(NodeTile, { props: { card: { ...card, ...change } }, global: { plugins: [pinia] } });
  }

  it('tells when it clears and when it must, on its own clock', () => {
    const wrapper = mountNode();
    expect(wrapper.text()).toContain('3,105 to ship');
    expect(wrapper.text()).toContain('Clears 17:48');
    expect(wrapper.text()).toContain('due 18:00');
    expect(wrapper.get('.bar').attributes('aria-label')).toContain('69% of today');
  });
  it('names the day when it is not today', () => {
    expect(mountNode({ clearsAt: Date.UTC(2026, 10, 11, 16, 48) }).text()).toContain('Clears Wed 17:48');
  });
  it('that does not pick does not pretend to clear', () => {
    const wrapper = mountNode({ clearsAt: null });
    expect(wrapper.text()).toContain('Not picking');
  });
});

describe('the freshness of a screen', () => {
  it('says nothing for five seconds, then that the line is lost, then that the values are too old', () => {
    expect(screenFreshness('live', 0, 90_000).level).toBe('live');
    expect(screenFreshness('lost', 0, 4_000).level).toBe('live');
    expect(screenFreshness('lost', 0, 6_000).level).toBe('lost');
    expect(screenFreshness('lost', 0, 61_000).level).toBe('blind');
    expect(screenFreshness('connecting', null, 61_000).level).toBe('connecting');
  });
});

describe('the ship story', () => {
  const story: ShipStory = {
    toShip: 500,
    from: 0,
    to: 12 * 3_600_000,
    stepMs: 3_600_000,
    actual: [700, null, 600, 500],
    lastWeek: [],
    needed: [
      [3 * 3_600_000, 500],
      [10 * 3_600_000, 0],
    ],
    forecast: [
      [3 * 3_600_000, 500],
      [10 * 3_600_000, 120],
    ],
    cutOff: 10 * 3_600_000,
    cutOffLabel: '18:00 cutoff',
    lateAtCutOff: 120,
  };
  const draw = (change: Partial<ShipStory>) => drawStory({ ...story, ...change }, 'UTC', 1_000, 300, 1);

  it('leaves a hole where nothing was measured', () => {
    expect(draw({}).actual.match(/M/g)).toHaveLength(2);
  });
  it('shades the gap to the pace needed only when orders will be late', () => {
    expect(draw({}).gap).not.toBe('');
    expect(draw({}).end).not.toBeNull();
    expect(draw({ lateAtCutOff: 0 }).gap).toBe('');
  });
  it('writes what will be late inside of the picture, and never over the hour of the cut-off', () => {
    const beside = draw({}).endLabel;
    expect(beside.x).toBeLessThan(1_000);
    const high = draw({
      lateAtCutOff: 480,
      forecast: [
        [3 * 3_600_000, 700],
        [10 * 3_600_000, 690],
      ],
    }).endLabel;
    expect(high.y).toBeGreaterThan(draw({}).top);
  });
  it('draws nothing false from nothing', () => {
    const picture = draw({ actual: [], needed: [], forecast: [], cutOff: null, lateAtCutOff: null });
    expect([picture.actual, picture.gap, picture.head, picture.cutOff]).toEqual(['', '', null, null]);
  });
});
