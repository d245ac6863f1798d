/** What one target should be told of one alert now. */
import type { ItemKind } from '../message.ts';
import type { Target } from '../routing/resolve-recipients.ts';

export type Want = {
  target: Target;
  key: string;
  kind: ItemKind;
  /** Why it comes now. */
  note: string;
  /** When the quiet hours end that hold it back; null: nothing does. */
  heldUntil: number | null;
  /** The name of these quiet hours. */
  heldBy: string;
  /** It was held back and is not any more: what was held is told as one. */
  afterQuiet: boolean;
};
