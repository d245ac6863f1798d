/** docs/roles.md: who may do what, from the matrix. */
import { may } from '../../../server/access/abilities.ts';
import { costFields, costKpis } from '../../../server/access/cost.ts';
import { type Ability, abilities, roles } from '../../../server/http/contract/access.ts';
import { routes } from '../../../server/http/routes/index.ts';

const words: Record<Ability, string> = {
  'see-wall': 'see walls and boards',
  'see-kpis': 'see KPIs over time',
  'see-exceptions': 'see exceptions and who the people are',
  'see-operations': 'see stock, orders, purchase orders, nodes, and why a number is what it is',
  'see-cost': 'see cost and margin, wherever they would be shown',
  'see-sources': 'see sources and how fresh they are',
  'see-dead-letters': 'see that deliveries could not be understood, and why',
  'see-raw-deliveries': 'read their bytes, which may name customers',
  'handle-dead-letters': 'replay or discard them',
  'act-on-exceptions': 'work on exceptions',
  'see-settings': 'see policies and master data',
  'edit-settings': 'change them',
  'try-policies': 'try a policy on history',
  'act-on-operations': 'act on stock, orders and nodes',
  'save-views': 'keep and share boards and views',
  'read-availability': 'read what channels may sell',
  'read-instructions': 'read what other systems must do',
  'own-account': 'change the own name and password, end own sessions',
  'write-events': 'send events',
  'import-files': 'import a file',
  'manage-access': 'manage people, sessions, machine keys and wall screens',
  'see-audit': 'read the audit',
  'see-metrics': 'read metrics',
  'ask-questions': 'ask for KPIs by dimensions over any time (the builder)',
  'ask-sql': 'ask with SQL of their own',
  'export-data': 'take whole answers away as files',
  'edit-kpis': 'set targets, thresholds and owners of KPIs, and freeze baselines',
  'schedule-reports': 'have reports sent on a schedule',
  'see-alerts': 'who was told of what, when and how it went, and how often each rule was right',
  'rate-alerts': 'say whether an alert was useful',
  'manage-alerts': 'set up the channels alerts go to, and try them',
  'plan-calendar': 'tell of promotions, launches and holidays, so that nobody is alarmed by them',
};

const listed = (names: Iterable<string>) => [...names].map((name) => `\`${name}\``).join(', ');

export function describeRoles(): string {
  const rows = abilities.map((ability) => {
    const marks = roles.map((role) => (may(role, ability) ? 'yes' : '')).join(' | ');
    return `| ${words[ability]} (\`${ability}\`) | ${marks} |`;
  });
  const open = routes
    .filter(({ ability }) => ability === 'anyone')
    .map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  return `# Who may do what

<!-- Made from server/access/abilities.ts. To make it anew: npm test -- --project domain tests/domain/docs.test.ts -u -->

Whatever is not listed is denied. \`executive\`, \`planner\`, \`analyst\` and \`admin\` are people; \`wall\` is a paired screen,
which sees the boards it was approved for and nothing else; \`ingest\` and \`read\` are machine keys. An ingest key writes
events of its own source, and reads what is meant for that source. Every route and every live topic is tested against
this table for every role.

| To | ${roles.join(' | ')} |
|---|${roles.map(() => ':-:').join('|')}|
${rows.join('\n')}

## Cost and margin

Whoever lacks \`see-cost\` gets every answer without these fields: ${listed(costFields)}; without these KPIs:
${listed(costKpis)}. A field that is absent is not for your role; one that is null is not known. Live topics are shared
by all who look and hold none of them. What a shipment costs is for everybody who plans, and money at risk is an estimate
that everybody sees who sees exceptions.

## Without signing in

${open.map((route) => `- \`${route}\``).join('\n')}
`;
}
