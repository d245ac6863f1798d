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
  return { ...exception, deadline: deadline > 0 ? deadline : null };
}
