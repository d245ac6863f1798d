/** Who is signed in. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Ability } from '../../server/http/contract/access.ts';
import type { Session, SessionState } from '../../server/http/contract.ts';
import { request } from '../http/request.ts';

export const useSession = defineStore('session', () => {
  const state = shallowRef<SessionState | null>(null);

  const abilities = computed(() => new Set<Ability>(state.value?.session?.abilities ?? []));
  const may = (ability: Ability): boolean => abilities.value.has(ability);

  return { state, may, load, signIn, setUp, signOut, forget };

  async function load(): Promise<SessionState> {
    state.value = await request<SessionState>('GET', '/v1/session');
    return state.value;
  }

  async function signIn(email: string, password: string): Promise<void> {
    await request<Session>('POST', '/v1/session', { email, password });
    await load();
  }

  async function setUp(token: string, name: string, email: string, password: string): Promise<void> {
    await request<Session>('POST', '/v1/setup', { token, name, email, password });
    await load();
    // Some servers sign in with the first account, some leave that to the person; both end signed in.
    if (state.value?.session === null) await signIn(email, password);
  }

  async function signOut(): Promise<void> {
    await request('DELETE', '/v1/session');
    forget();
  }

  function forget(): void {
    if (state.value !== null) state.value = { ...state.value, session: null };
  }
});
