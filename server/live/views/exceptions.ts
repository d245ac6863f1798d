import type { OpenException } from '../../../streams/operations/states.ts';
import type { ExceptionRow } from '../contract.ts';
import { anyOf, type View } from './view.ts';

export const exceptionsView: View = {
  concerns: anyOf('exception'),
  everyMs: null,
  entries: ({ states }) =>
    Object.fromEntries([...states.exception.values()].map((exception) => [exception.id, exceptionRow(exception)])),
};

export function exceptionRow({ comments: _, deadline, ...exception }: OpenException): ExceptionRow {
  return { ...exception, subject: subjectWords(exception), deadline: deadline > 0 ? deadline : null };
}

/** What it is about, as people write it: the state id behind it is ours alone. */
function subjectWords({
  sku,
  order,
  source,
  kind,
  detail,
}: Pick<OpenException, 'sku' | 'order' | 'source' | 'kind' | 'detail'>): string {
  if (kind === 'ship-by-at-risk' || kind === 'kpi-anomaly') return detail;
  return sku ?? order ?? source ?? detail;
}
