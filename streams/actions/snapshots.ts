import { defineAction, step } from './definition.ts';

export const approveSnapshot = defineAction({
  kind: 'approve-snapshot',
  title: 'Believe snapshot',
  does: 'Believes a snapshot that was doubted: it takes effect as of the moment it speaks of.',
  words: ({ snapshot, reason }) => `Believe snapshot ${snapshot}: ${reason}`,
  about: () => ({}),
  plan: ({ by }, { snapshot, reason }) => ({ steps: [step('snapshot.approved', { snapshot, by, reason })] }),
  undo: null,
  whyNoUndo: 'Have the records counted, or ask the source for a right snapshot.',
});

export const rejectSnapshot = defineAction({
  kind: 'reject-snapshot',
  title: 'Reject snapshot',
  does: 'Does not believe a snapshot that was doubted. Nothing of it takes effect.',
  words: ({ snapshot, reason }) => `Reject snapshot ${snapshot}: ${reason}`,
  about: () => ({}),
  plan: ({ by }, { snapshot, reason }) => ({ steps: [step('snapshot.rejected', { snapshot, by, reason })] }),
  undo: null,
  whyNoUndo: 'Ask the source to send it again.',
});
