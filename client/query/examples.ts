/** Questions that any workspace can answer, in the words of those who ask them. Pure. */
import type { Askable, MetricQuestion } from '../../server/http/contract/questions.ts';
import { emptyQuestion } from './question.ts';

const wishes: readonly { words: string; question: Partial<MetricQuestion> & { measures: string[] } }[] = [
  {
    words: 'How many orders came in by channel, day by day?',
    question: { measures: ['orders'], by: ['channel'], compare: 'previous-period' },
  },
  {
    words: 'Which nodes dispatch late?',
    question: { measures: ['on-time-dispatch', 'orders'], by: ['node'], compare: 'previous-period' },
  },
  {
    words: 'What did each hour of the last two days bring?',
    question: { measures: ['revenue'], grain: 'hour', over: { last: '48h' } },
  },
  { words: 'How many units were sold by channel?', question: { measures: ['units'], by: ['channel'] } },
];
const EXAMPLES = 3;

/** Those whose measures are there; where none is, the first measures that are. */
export function examplesOf(askable: Askable): { words: string; question: MetricQuestion }[] {
  const known = new Map(askable.measures.filter(({ waitsFor }) => waitsFor === null).map((one) => [one.id, one]));
  const fitting = wishes.flatMap(({ words, question }) => {
    const measures = question.measures.filter((id) => known.has(id));
    if (measures[0] !== question.measures[0]) return [];
    const by = (question.by ?? []).filter((id) => measures.every((one) => known.get(one)!.dimensions.includes(id)));
    return [{ words, question: { ...emptyQuestion, ...question, measures, by } }];
  });
  const asked = new Set(fitting.flatMap(({ question }) => question.measures));
  const unasked = [...known.values()].filter(({ id }) => !asked.has(id));
  const others = unasked.map(({ id, name }) => ({
    words: `${name}, day by day`,
    question: { ...emptyQuestion, measures: [id] },
  }));
  return [...fitting, ...others].slice(0, EXAMPLES);
}
