import { type Draft, Refused } from '../operations/draft.ts';
import { workspaceOf } from '../operations/master-data.ts';
import { whyNotReroute } from '../operations/orders/order-reroute.ts';
import { defineAction, nodesOf, orderOf, type Plan, step } from './definition.ts';
import { openAmount } from './hold-order.ts';

const askAgain = 'Propose a reroute the other way: the nodes may have begun.';

export const rerouteOrder = defineAction({
  kind: 'reroute-order',
  title: 'Reroute order',
  does: 'Has another node ship what nobody has picked yet of an order.',
  words: ({ order, toNode, reason }) => `Ship order ${order} from ${toNode}: ${reason}`,
  about: ({ order }) => ({ order }),
  plan({ draft, by }, { order: id, ...reroute }) {
    const order = orderOf(draft, id);
    const problem = whyNotReroute(draft, order, reroute);
    if (problem !== '') throw new Refused(problem);
    const from =
      reroute.fromNode === undefined ? nodesOf(order).filter((node) => node !== reroute.toNode) : [reroute.fromNode];
    const body = { order: id, lines: reroute.lines, toNode: reroute.toNode, worth: openAmount(order) };
    // Where another system executes, it is asked; ours follows what it reports.
    const advise = workspaceOf(draft).mode === 'advise';
    return {
      steps: advise ? [] : [step('order.rerouted', { order: id, ...reroute, by })],
      instructions: [
        ...from.map((to) => ({ kind: 'let-go', to, body: { ...body, worth: 0 } })),
        { kind: 'ship-order', to: reroute.toNode, body },
      ],
      remember: { from },
    };
  },
  undo({ draft, by }, { input: { order: id, toNode, lines }, remembered }) {
    const [node, ...others] = remembered['from'] as string[];
    if (node === undefined || others.length > 0) throw new Refused(`order ${id} came from several nodes; ${askAgain}`);
    const order = orderOf(draft, id);
    const back = { toNode: node, fromNode: toNode, lines, reason: 'reroute undone' };
    const problem = whyNotReroute(draft, order, back);
    if (problem !== '') throw new Refused(problem);
    const body = { order: id, lines, toNode: node };
    return {
      steps: workspaceOf(draft).mode === 'advise' ? [] : [step('order.rerouted', { order: id, ...back, by })],
      instructions: [
        { kind: 'let-go', to: toNode, body },
        { kind: 'ship-order', to: node, body },
      ],
    };
  },
});

/** Its pages instruct the node themselves. */
const approve = (reroute: string, by: string): Plan => ({ steps: [step('reroute.approved', { reroute, by })] });

export const reroute = defineAction({
  kind: 'reroute',
  title: 'Reroute the node',
  does: 'Approves the newest proposal for a node that cannot do its work: orders that others can ship in time move.',
  words: ({ node }) => `Move what ${node} cannot ship, as proposed`,
  about: () => ({}),
  plan: ({ draft, by }, { node, impairment }) => approve(newestProposal(draft, node, impairment), by),
  undo: null,
  whyNoUndo: askAgain,
});

function newestProposal(draft: Draft, node: string, id: string): string {
  const impairment = draft.get('impairment', id);
  if (impairment === undefined) throw new Refused(`there is no impairment ${id} of ${node}`);
  const proposal = impairment.proposals.at(-1);
  if (proposal === undefined || draft.get('reroute', proposal)?.status !== 'proposed') {
    throw new Refused(`no reroute is proposed for ${node}: ask for a proposal first`);
  }
  return proposal;
}

export const approveReroute = defineAction({
  kind: 'approve-reroute',
  title: 'Approve reroute',
  does: 'Moves the orders of a proposed reroute, each checked again at its turn.',
  words: ({ reroute }) => `Approve reroute ${reroute}`,
  about: () => ({}),
  plan: ({ by }, { reroute }) => approve(reroute, by),
  undo: null,
  whyNoUndo: askAgain,
});

export const rejectReroute = defineAction({
  kind: 'reject-reroute',
  title: 'Reject reroute',
  does: 'Turns a proposed reroute down. Nothing moves.',
  words: ({ reroute, reason }) => `Reject reroute ${reroute}: ${reason}`,
  about: () => ({}),
  plan: ({ by }, { reroute, reason }) => ({ steps: [step('reroute.rejected', { reroute, by, reason })] }),
  undo: null,
  whyNoUndo: 'Ask for a new proposal: the world has gone on.',
});
