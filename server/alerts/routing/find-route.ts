/** Which route of the policy `alerts` holds. Pure. */
import type { AlertMatching, AlertRoute } from '../../../streams/events/alert-policies.ts';
import { type ExceptionArea, type Severity, severities } from '../../../streams/events/exception-words.ts';

/** What routes ask about: of a cause that stands for many, its worst severity and all of its money. */
export type Routed = {
  kind: string;
  area: ExceptionArea | undefined;
  owner: string;
  node?: string | undefined;
  channel?: string | undefined;
  severity: Severity;
  moneyAtRisk: number;
};

export type Found = { route: AlertRoute | null; passed: { route: string; why: string }[] };

/** The first that fits, and why those before it do not. */
export function findRoute(routes: readonly AlertRoute[], routed: Routed): Found {
  const passed: Found['passed'] = [];
  for (const route of routes) {
    const why = whyNot(route.when, routed);
    if (why === null) return { route, passed };
    passed.push({ route: route.name, why });
  }
  return { route: null, passed };
}

function whyNot(when: AlertMatching, routed: Routed): string | null {
  const { areas, kinds, nodes, channels, owners, severityAtLeast, moneyFrom } = when;
  const named = [
    ['area', areas, routed.area],
    ['kind', kinds, routed.kind],
    ['node', nodes, routed.node],
    ['channel', channels, routed.channel],
    ['owner', owners, routed.owner],
  ] as const;
  for (const [what, wanted, is] of named) {
    if (wanted === undefined || (is !== undefined && (wanted as readonly string[]).includes(is))) continue;
    return is === undefined ? `it names no ${what}` : `its ${what} is ${is}`;
  }
  if (severityAtLeast !== undefined && severities.indexOf(routed.severity) > severities.indexOf(severityAtLeast)) {
    return `it is ${routed.severity}, less than ${severityAtLeast}`;
  }
  return moneyFrom !== undefined && routed.moneyAtRisk < moneyFrom ? 'less money is at risk' : null;
}
