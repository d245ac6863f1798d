/** A start that cannot go on for a reason the operator can remove; its message is the whole explanation. */
export class StartError extends Error {
  override name = 'StartError';
}
