/** What a list of definitions shows beside id and name. */
import { formatMoneyExact } from '../formats/quantities.ts';
import type { SettingsPart } from './setting-schemas.ts';

type Definition = Record<string, unknown>;
export type Column = { title: string; width: string; isNumber?: boolean; value: (definition: Definition) => string };

const text = (title: string, name: string, width = '120px'): Column => ({
  title,
  width,
  value: (definition) => (definition[name] === undefined ? '–' : String(definition[name])),
});
const money = (title: string, name: string, currency: string): Column => ({
  title,
  width: '90px',
  isNumber: true,
  value: (definition) =>
    typeof definition[name] === 'number'
      ? formatMoneyExact(definition[name], String(definition['currency'] ?? currency))
      : '–',
});
const active: Column = {
  title: 'Active',
  width: '60px',
  value: (definition) => (definition['active'] === false ? 'No' : 'Yes'),
};

export function columnsOf(part: SettingsPart, currency: string, maySeeCost: boolean): Column[] {
  switch (part) {
    case 'nodes':
      return [
        text('Kind', 'kind', '90px'),
        text('Time zone', 'timeZone', '150px'),
        text('Cut-off', 'cutOff', '70px'),
        active,
      ];
    case 'channels':
      return [
        text('Kind', 'kind', '100px'),
        {
          title: 'Ships from',
          width: 'minmax(100px, 180px)',
          value: ({ nodes }) => (Array.isArray(nodes) ? nodes.join(', ') : '–'),
        },
        { ...text('Buffer', 'buffer', '70px'), isNumber: true },
        active,
      ];
    case 'sources':
      return [
        text('Kind', 'kind', '100px'),
        text('Channel', 'channel'),
        text('Node', 'node', '90px'),
        { ...text('Silent after', 'silentAfterMinutes', '90px'), isNumber: true },
      ];
    case 'items':
      return [
        text('Category', 'category', 'minmax(90px, 140px)'),
        text('Class', 'abc', '50px'),
        ...(maySeeCost ? [money('Unit cost', 'unitCost', currency)] : []),
        money('Unit price', 'unitPrice', currency),
        active,
      ];
  }
}

export const titleOf = (part: SettingsPart): string => part.charAt(0).toUpperCase() + part.slice(1);
