/** What keeps messages from leaving or arriving, in sentences, besides what the answer says by itself. Pure. */
import type { Position } from './kept-alerts.ts';
import type { Directory } from './routing/resolve-recipients.ts';
import { ALERTS_MAX } from './telling/alert-record.ts';
import type { AlertPolicy } from './telling/tell-calling.ts';

export function problemsOf(
  policy: AlertPolicy,
  directory: Directory,
  position: Position | null,
  standing: number,
): string[] {
  const problems: string[] = [];
  const say = (holds: boolean, words: string) => void (holds && problems.push(words));
  say(policy.on && policy.routes.length === 0, 'There is no route: nobody is told of anything.');
  say(
    position !== null && !position.live,
    'Business has not reached the present yet: what arrives of a past calls for nobody.',
  );
  say(standing >= ALERTS_MAX, `More than ${ALERTS_MAX} alerts stand; the worst are told first.`);
  const named = new Set([
    ...policy.routes.flatMap(({ to, escalate }) => [...to, ...escalate.flatMap((step) => step.to)]),
    ...Object.values(policy.owners).flat(),
  ]);
  const byMail = [...named].some((recipient) => !recipient.startsWith('channel:'));
  say(byMail && !directory.mail, 'No mail server is configured: people cannot be told by mail (--smtp-url).');
  for (const recipient of [...named].sort()) {
    if (!recipient.startsWith('channel:')) continue;
    const channel = directory.channels.get(recipient.slice('channel:'.length));
    say(channel === undefined, `The policy names ${recipient}, and there is no such channel.`);
    say(channel?.on === false, `The policy names ${recipient}, which is switched off.`);
  }
  const quiet = new Set(policy.quietHours.map(({ name }) => name));
  for (const { name, quietHours } of policy.routes) {
    const isUnknown = quietHours !== undefined && !quiet.has(quietHours);
    say(isUnknown, `The route ${name} names the quiet hours ${quietHours}, and there are none of that name.`);
  }
  return problems;
}
