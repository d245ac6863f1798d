/** A name under which a file can be kept on any system, whatever somebody called the question. */
import type { ExportFormat } from '../http/contract/exports.ts';

const NAME_CHARACTERS_MAX = 80;
/** Names that Windows keeps for devices. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

export function fileName(name: string, format: ExportFormat): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .slice(0, NAME_CHARACTERS_MAX)
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  const safe = plain === '' ? 'answer' : reserved.test(plain.split('.')[0]!) ? `answer-${plain}` : plain;
  return `${safe}.${format}`;
}

export const mediaTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
};
