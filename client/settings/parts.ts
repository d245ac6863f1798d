/** The parts of the settings, in the order of their tabs. */
export const parts = [
  { id: 'workspace', name: 'Workspace' },
  { id: 'nodes', name: 'Nodes' },
  { id: 'channels', name: 'Channels' },
  { id: 'sources', name: 'Sources' },
  { id: 'items', name: 'Items' },
  { id: 'policies', name: 'Policies' },
  { id: 'file', name: 'Import and export' },
] as const;

export const isPart = (name: string): boolean => parts.some(({ id }) => id === name);
