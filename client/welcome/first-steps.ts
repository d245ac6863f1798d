/** The first steps of a workspace, and which of them are done. Pure. */
import type { Ability } from '../../server/http/contract/access.ts';

/** What is known of the workspace; null where this person may not know, or it is not known yet. */
export type Facts = {
  sources: number | null;
  nodes: boolean | null;
  channels: boolean | null;
  items: boolean | null;
  stock: boolean | null;
  people: number | null;
  screens: number | null;
};
export type Step = {
  id: string;
  title: string;
  about: string;
  to: string;
  link: string;
  done: boolean | null;
  /** Who cannot do it is not asked to. */
  ability: Ability;
};

export function stepsOf(facts: Facts): Step[] {
  const { nodes, channels, items } = facts;
  const defined = nodes === null || channels === null || items === null ? null : nodes && channels && items;
  const missing = [nodes || 'nodes', channels || 'channels', items || 'items'].filter((one) => typeof one === 'string');
  return [
    {
      id: 'source',
      title: 'A source sends events',
      about: facts.sources
        ? `${facts.sources} ${facts.sources === 1 ? 'source has' : 'sources have'} sent events.`
        : 'Connect a shop, a warehouse or a file.',
      to: '/welcome?way=connect',
      link: 'Connect a source',
      done: facts.sources === null ? null : facts.sources > 0,
      ability: 'manage-access',
    },
    {
      id: 'settings',
      title: 'Nodes, channels and items are defined',
      about: defined
        ? 'Figures have names and places.'
        : `Missing: ${missing.join(', ')}. Define them here, or let a source send them.`,
      to: nodes === false ? '/settings/nodes' : channels === false ? '/settings/channels' : '/settings/items',
      link: 'Settings',
      done: defined,
      ability: 'edit-settings',
    },
    {
      id: 'stock',
      title: 'Opening stock is known',
      about: facts.stock
        ? 'Availability begins from real figures.'
        : 'Without it every order looks oversold. Import it as a CSV.',
      to: '/welcome?way=file',
      link: 'Import stock',
      done: facts.stock,
      ability: 'import-files',
    },
    {
      id: 'people',
      title: 'Somebody else is invited',
      about:
        facts.people !== null && facts.people > 1
          ? `${facts.people} people have an account.`
          : 'Planners work on exceptions; executives see the wall.',
      to: '/access/people',
      link: 'Invite people',
      done: facts.people === null ? null : facts.people > 1,
      ability: 'manage-access',
    },
    {
      id: 'wall',
      title: 'A wall screen is paired',
      about: facts.screens ? 'It shows the wall without an account.' : 'Open /pair on the screen and approve its code.',
      to: '/access/screens',
      link: 'Pair a screen',
      done: facts.screens === null ? null : facts.screens > 0,
      ability: 'manage-access',
    },
  ];
}
