/** Topics with their versions: what subscribers have, so that only differences are sent. */
import type { Change, Entries, Snapshot } from './contract.ts';

type Topic = {
  version: number;
  /** Entry key -> its JSON as last sent. */
  sent: Map<string, string>;
  entries: Entries;
};

export type Topics = ReturnType<typeof createTopics>;

/** @param epoch names this run of the gateway: versions of another run mean nothing here */
export function createTopics(epoch: string) {
  const topics = new Map<string, Topic>();

  /** Compares with what was sent last. @returns the difference, or null when nothing is different */
  function update(
    name: string,
    entries: Entries,
  ): Pick<Change, 'topic' | 'epoch' | 'version' | 'set' | 'remove'> | null {
    const known = topics.get(name);
    if (known === undefined) {
      topics.set(name, { version: 1, sent: serialised(entries), entries });
      return null;
    }
    const set: Entries = {};
    const remove: string[] = [];
    let different = false;
    for (const [key, entry] of Object.entries(entries)) {
      const text = JSON.stringify(entry);
      if (known.sent.get(key) === text) continue;
      known.sent.set(key, text);
      set[key] = entry;
      different = true;
    }
    for (const key of known.sent.keys()) {
      if (key in entries) continue;
      known.sent.delete(key);
      remove.push(key);
      different = true;
    }
    known.entries = entries;
    if (!different) return null;
    known.version += 1;
    return { topic: name, epoch, version: known.version, set, remove };
  }

  /** The same for a difference that is known already: only what it names is compared. */
  function patch(
    name: string,
    difference: { set: Entries; remove: readonly string[] },
  ): Pick<Change, 'topic' | 'epoch' | 'version' | 'set' | 'remove'> | null {
    const known = topics.get(name)!;
    const set: Entries = {};
    for (const [key, entry] of Object.entries(difference.set)) {
      const text = JSON.stringify(entry);
      if (known.sent.get(key) === text) continue;
      known.sent.set(key, text);
      known.entries[key] = entry;
      set[key] = entry;
    }
    const remove = difference.remove.filter((key) => known.sent.delete(key));
    for (const key of remove) delete known.entries[key];
    if (remove.length === 0 && Object.keys(set).length === 0) return null;
    known.version += 1;
    return { topic: name, epoch, version: known.version, set, remove };
  }

  function snapshot(name: string): Snapshot | null {
    const topic = topics.get(name);
    return topic === undefined ? null : { topic: name, epoch, version: topic.version, entries: topic.entries };
  }

  return {
    epoch,
    update,
    patch,
    snapshot,
    has: (name: string) => topics.has(name),
    drop: (name: string) => topics.delete(name),
    size: () => topics.size,
  };
}

function serialised(entries: Entries): Map<string, string> {
  return new Map(Object.entries(entries).map(([key, entry]) => [key, JSON.stringify(entry)]));
}
