/** The token of a one-time link, taken out of the address bar and the history as soon as the page opens. */
import { useRoute, useRouter } from 'vue-router';

/** @returns the token, or empty when there is none */
export function takeOneTimeToken(): string {
  const { query, path } = useRoute();
  const given = query['token'];
  if (typeof given !== 'string' || given === '') return '';
  void useRouter().replace({ path });
  return given;
}
