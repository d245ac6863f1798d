/** What every field of one form needs to know: what is wrong where, and whether it may be changed at all. */
import { type ComputedRef, type InjectionKey, inject } from 'vue';
import type { Problems } from './check-setting.ts';

export type FormContext = {
  problems: ComputedRef<Problems>;
  readOnly: ComputedRef<boolean>;
  currency: ComputedRef<string>;
  /** 100 where the currency has cents. */
  minorPerMajor: ComputedRef<number>;
  /** Names that are known, to choose from while typing: nodes, channels, sources. */
  known: ComputedRef<ReadonlyMap<string, readonly string[]>>;
};
export const formContext: InjectionKey<FormContext> = Symbol('form of a setting');

export function useForm(): FormContext {
  const form = inject(formContext);
  if (form === undefined) throw new Error('A field stands outside of its form.');
  return form;
}

export function minorPerMajorOf(currency: string): number {
  try {
    const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', {
      style: 'currency',
      currency,
    }).resolvedOptions();
    return 10 ** maximumFractionDigits;
  } catch {
    return 100;
  }
}
