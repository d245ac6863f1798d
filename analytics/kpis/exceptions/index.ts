/** What has gone wrong and waits for somebody. */
import type { Kpi } from '../definition.ts';
import { exceptionsEnded } from './exceptions-ended.ts';
import { exceptionsInSla } from './exceptions-in-sla.ts';
import { exceptionsOpen } from './exceptions-open.ts';
import { exceptionsOpened } from './exceptions-opened.ts';
import { falseAlarmShare } from './false-alarm-share.ts';
import { moneyAtRisk } from './money-at-risk.ts';
import { timeToAcknowledge } from './time-to-acknowledge.ts';
import { timeToResolve } from './time-to-resolve.ts';

export const exceptionsKpis: readonly Kpi[] = [
  exceptionsOpen,
  moneyAtRisk,
  exceptionsOpened,
  exceptionsEnded,
  ...timeToAcknowledge,
  ...timeToResolve,
  exceptionsInSla,
  falseAlarmShare,
];
