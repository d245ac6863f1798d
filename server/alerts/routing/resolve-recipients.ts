/** Whom the recipients of a route stand for right now. Pure. */
import type { Account } from '../../access/accounts.ts';

export type Person = Pick<Account, 'email' | 'name' | 'role' | 'disabled'>;
export type AlertOutlet = {
  id: string;
  name: string;
  on: boolean;
  /** Whether it has use for being told that somebody took it on. */
  hearsAcknowledgement: boolean;
};
/** Who and what can be told. */
export type Directory = {
  people: ReadonlyMap<string, Person>;
  channels: ReadonlyMap<string, AlertOutlet>;
  /** Whether there is a mail server for people. */
  mail: boolean;
};

/** `channel:<id>` or `person:<e-mail>`, as it is sent to. */
export type Target = string;
export type Resolved = {
  told: { recipient: string; target: Target; name: string }[];
  unreachable: { recipient: string; why: string }[];
};

type Owned = { owner: string; assignee?: string | undefined };
type Owners = Readonly<Record<string, readonly string[]>>;

/** Nobody stands twice in the answer, whatever ways lead to them. */
export function resolveRecipients(
  recipients: readonly string[],
  owned: Owned,
  owners: Owners,
  directory: Directory,
): Resolved {
  const resolved: Resolved = { told: [], unreachable: [] };
  for (const recipient of recipients) {
    const found = recipient === 'owner' ? ofOwner(owned, owners, directory) : oneOf(recipient, directory);
    for (const one of found.told) {
      if (!resolved.told.some(({ target }) => target === one.target)) resolved.told.push({ ...one, recipient });
    }
    resolved.unreachable.push(...found.unreachable.map(({ why }) => ({ recipient, why })));
  }
  return resolved;
}

/** The assignee, else whom `owners` names, else the planners, else the admins. */
function ofOwner({ owner, assignee }: Owned, owners: Owners, directory: Directory): Resolved {
  const why: Resolved['unreachable'] = [];
  if (assignee !== undefined && assignee !== '') {
    const found = oneOf(`person:${assignee}`, directory);
    if (found.told.length > 0) return found;
    why.push(...found.unreachable);
  }
  const named = owners[owner]?.filter((one) => one !== 'owner') ?? [];
  const found = (named.length > 0 ? named : ['role:planner']).map((one) => oneOf(one, directory));
  const others = named.length === 0 && found[0]!.told.length === 0 ? [oneOf('role:admin', directory)] : [];
  // Whoever stands in for somebody makes good that they are missing.
  const asked = others.some(({ told }) => told.length > 0) ? others : [...found, ...others];
  return {
    told: asked.flatMap(({ told }) => told),
    unreachable: [...why, ...asked.flatMap(({ unreachable }) => unreachable)],
  };
}

function oneOf(recipient: string, directory: Directory): Resolved {
  const cut = recipient.indexOf(':');
  const [what, name] = [recipient.slice(0, cut), recipient.slice(cut + 1)];
  const nobody = (why: string): Resolved => ({ told: [], unreachable: [{ recipient, why }] });
  if (what === 'channel') {
    const channel = directory.channels.get(name);
    if (channel === undefined) return nobody(`there is no channel ${name}`);
    if (!channel.on) return nobody(`the channel ${name} is switched off`);
    return { told: [{ recipient, target: recipient, name: channel.name }], unreachable: [] };
  }
  if (!directory.mail) return nobody('no mail server is configured');
  if (what === 'role') {
    const those = [...directory.people.values()].filter(({ role, disabled }) => role === name && !disabled);
    if (those.length === 0) return nobody(`nobody is ${name === 'planner' ? 'a' : 'an'} ${name}`);
    return { told: those.map((person) => ({ recipient, ...byMail(person) })), unreachable: [] };
  }
  const person = directory.people.get(name.toLowerCase());
  if (person?.disabled) return nobody(`${name} has left`);
  if (person === undefined && !/^[^\s@,;<>"()]+@[^\s@,;<>"()]+$/.test(name)) return nobody(`${name} is no address`);
  return { told: [{ recipient, ...byMail(person ?? { email: name, name }) }], unreachable: [] };
}

const byMail = ({ email, name }: Pick<Person, 'email' | 'name'>) => ({ target: personTarget(email), name });
export const personTarget = (email: string): Target => `person:${email.toLowerCase()}`;

/** Whether a message can still be sent there. */
export function isReachable(target: Target, directory: Directory): boolean {
  const name = target.slice(target.indexOf(':') + 1);
  if (target.startsWith('channel:')) return directory.channels.get(name)?.on === true;
  return directory.mail && directory.people.get(name)?.disabled !== true;
}

/** Whether it calls people by itself until it hears that somebody is at it, or that it is over. */
export const keepsIncidents = (target: Target, { channels }: Directory): boolean =>
  target.startsWith('channel:') && channels.get(target.slice('channel:'.length))?.hearsAcknowledgement === true;
