/** What can be said behind `tideline query`. */
import type { Config } from '../../config.ts';
import type { questionGrains } from '../../http/contract/questions.ts';
import type { QueryFormat } from './formats.ts';

export type QueryFlags = Config & {
  format?: QueryFormat;
  output?: string;
  param: Record<string, string>;
  raw: boolean;
  url?: string;
  key?: string;
  measure?: string[];
  by?: string[];
  grain: (typeof questionGrains)[number];
  where: string[];
  last: string;
  compare?: string;
  showSql: boolean;
};
