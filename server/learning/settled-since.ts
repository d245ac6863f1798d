/** Since when what is set for something holds as it does now: what was told under another setting says nothing of this one. */

/** A body of a policy and when it was defined, epoch ms. */
export type Version = { at: number; body: unknown };

/**
 * @param versions newest first, the one that holds at the head
 * @param complete whether there was none before the last of them: then the defaults held
 * @param settingOf what of a body is set for it; undefined where the defaults hold
 */
export function settledSince(
  versions: readonly Version[],
  complete: boolean,
  settingOf: (body: unknown) => unknown,
): number {
  const [newest] = versions;
  if (newest === undefined) return 0;
  const now = JSON.stringify(settingOf(newest.body));
  let since = newest.at;
  for (const { at, body } of versions) {
    if (JSON.stringify(settingOf(body)) !== now) return since;
    since = at;
  }
  return complete && now === undefined ? 0 : since;
}
