/** A question by measures from the words of the command line, and what it is as SQL. */

import { unconfigured } from '../../../streams/operations/master-data.ts';
import { ids, type Workspace } from '../../../streams/operations/states.ts';
import { type MetricQuestion, metricQuestion } from '../../http/contract/questions.ts';
import { compile } from '../../questions/ask.ts';
import { dataAge } from '../../questions/data-age.ts';
import type { Runtime } from '../../runtime.ts';
import type { QueryFlags } from './flags.ts';

export function metricQuestionOf(
  flags: Pick<QueryFlags, 'measure' | 'by' | 'grain' | 'where' | 'last' | 'compare'>,
): MetricQuestion {
  const where = flags.where.map((text) => {
    const [, dimension = '', not = '', values = ''] = /^([^!=]+)(!?)=(.*)$/s.exec(text) ?? [];
    if (dimension === '') throw new Error(`--where ${text} must be like channel=web, or channel!=web.`);
    return { dimension, is: not === '' ? 'in' : 'not-in', values: values.split(',') };
  });
  const asked = {
    measures: flags.measure,
    by: flags.by,
    grain: flags.grain,
    where,
    over: { last: flags.last },
    compare: flags.compare,
  };
  const read = metricQuestion.safeParse(asked);
  if (read.success) return read.data;
  throw new Error(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

/** @throws what is wrong with it, by name */
export async function statementFor(runtime: Runtime, question: MetricQuestion) {
  const text = await runtime.redis.hGet(runtime.keys.state('workspace'), ids.workspace);
  const workspace = typeof text === 'string' ? (JSON.parse(text) as Workspace) : unconfigured;
  const { timeZone, currency, watermark } = workspace;
  const now = watermark > 0 ? Math.min(Date.now(), watermark) : Date.now();
  const situation = () => ({ timeZone, currency, now });
  // Whoever owns the machine may see everything.
  return compile({ situation }, question, { role: 'admin' });
}

export const ageOf = (runtime: Runtime) => dataAge(runtime, Date.now());
