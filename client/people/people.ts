/**
 * People by what events call them. Events hold the address of an account, which never changes its owner; screens show
 * the name. Who has left, or never had an account, is shown by the part of the address that is a name.
 */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { PeopleAnswer, Person } from '../../server/http/contract/people.ts';
import { request } from '../http/request.ts';
import { useSession } from '../session/session.ts';

export const usePeople = defineStore('people', () => {
  const session = useSession();
  const people = shallowRef<readonly Person[]>([]);
  const byKey = computed(() => new Map(people.value.map((person) => [person.key, person])));
  /** What events call whoever is signed in. */
  const me = computed(() => session.state?.session?.user.email ?? '');
  /** Those an exception can be given to, oneself first. */
  const canAct = computed(() =>
    people.value
      .filter((person) => person.mayAct)
      .sort((a, b) => Number(b.key === me.value) - Number(a.key === me.value)),
  );
  let asked: Promise<void> | undefined;

  return { people, canAct, me, nameOf, initialsOf, withNames, load };

  /** Reads the directory once; again after a failure. */
  function load(): Promise<void> {
    asked ??= request<PeopleAnswer>('GET', '/v1/people')
      .then(({ items }) => {
        people.value = items;
      })
      .catch(() => {
        asked = undefined;
      });
    return asked;
  }

  function nameOf(key: string): string {
    void load();
    const { user } = session.state?.session ?? {};
    if (user !== undefined && user.email === key) return user.name;
    return byKey.value.get(key)?.name ?? nameFrom(key);
  }

  /** Words of the server with names where they hold addresses. */
  function withNames(text: string): string {
    return text.replaceAll(/[^\s@:,;()]+@[\w-]+(\.[\w-]+)+/g, nameOf);
  }

  function initialsOf(key: string): string {
    return initialsFrom(nameOf(key));
  }
});

/** `Ana novak` for ana.novak@example.com; whatever is no address stays as it is. */
export function nameFrom(key: string): string {
  const cut = key.indexOf('@');
  if (cut < 0) return key;
  const words = key
    .slice(0, cut)
    .replaceAll(/[._-]+/g, ' ')
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `AN` for Ana Novak. */
export function initialsFrom(name: string): string {
  return name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('')
    .toUpperCase();
}
