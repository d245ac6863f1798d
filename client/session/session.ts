/** Who is here: a person who is signed in, or a wall screen that was paired. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Ability } from '../../server/http/contract/access.ts';
import type { Session, SessionState } from '../../server/http/contract.ts';
import { request } from '../http/request.ts';

export const useSession = defineStore('session', () => {
  const state = shallowRef<SessionState | null>(null);

  const isDevice = computed(() => state.value?.device != null);
  const isKnown = computed(() => isDevice.value || state.value?.session != null);
  const abilities = computed(() => new Set<Ability>((state.value?.session ?? state.value?.device)?.abilities ?? []));
  const may = (ability: Ability): boolean => abilities.value.has(ability);

  return { state, isDevice, isKnown, may, load, signIn, setUp, acceptInvitation, signOut, forget };

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
  }

  async function acceptInvitation(token: string, name: string, password: string): Promise<void> {
    await request<Session>('POST', '/v1/invitations/accept', { token, name, password });
    await load();
  }

  async function signOut(): Promise<void> {
    await request('DELETE', '/v1/session');
    forget();
  }

  function forget(): void {
    if (state.value !== null) state.value = { ...state.value, session: null, device: null };
  }
});
