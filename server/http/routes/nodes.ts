/** Nodes: how they stand, the waves they are given, what impairs them, and how work is moved elsewhere. */
import { NotNow } from '../../nodes/say.ts';
import {
  affectedInboundPage,
  affectedOrdersPage,
  impairmentRequest,
  impairmentsPage,
  impairmentsQuery,
  impairmentView,
  nodePace,
  nodeStandings,
  nodesPage,
  nodeView,
  recoveryRequest,
  rejection,
  rerouteMovesPage,
  reroutesPage,
  reroutesQuery,
  rerouteView,
  waveAnswer,
  waveProposal,
  waveRequest,
} from '../contract/nodes.ts';
import { pageQuery } from '../contract.ts';
import { notFound, Refusal } from '../problems.ts';
import { type HandlerDeps, route } from '../route.ts';

/** 409 with the reason where things stand differently, 404 where there is no such thing. */
async function telling<T>(what: string, work: Promise<T | null>): Promise<T> {
  try {
    return (await work) ?? Promise.reject(notFound(what));
  } catch (error) {
    if (error instanceof NotNow) throw new Refusal(409, { title: 'Not as things stand', detail: error.message });
    throw error;
  }
}

const audited = (deps: HandlerDeps, name: string, what: string, detail: Record<string, string | number>) =>
  deps.access.audit.record(name, what, detail);

const nodeRoutes = [
  route({
    method: 'get',
    path: '/v1/nodes',
    summary: 'Every node: whether it works, what it can do by the end of its day, what is due and what is free.',
    ability: 'see-operations',
    query: pageQuery,
    status: 200,
    answer: nodesPage,
    handle: (deps, { query }) => deps.readModel.nodes.page(query),
  }),
  route({
    method: 'get',
    path: '/v1/nodes/:node',
    summary: 'One node with its working days ahead and its open work by the hour.',
    ability: 'see-operations',
    status: 200,
    answer: nodeView,
    handle: (deps, { params: { node = '' } }) => telling(`Node "${node}"`, deps.readModel.nodes.node(node)),
  }),
  route({
    method: 'get',
    path: '/v1/node-standings',
    summary: 'Every active node against its next cut-off: what it has to ship, how far it is, when it is through.',
    ability: 'see-operations',
    status: 200,
    answer: nodeStandings,
    handle: (deps) => deps.readModel.nodeStandings(),
  }),
  route({
    method: 'get',
    path: '/v1/nodes/:node/pace',
    summary: 'Its orders to ship against the pace its next cut-off needs, and its stock in three figures.',
    ability: 'see-operations',
    status: 200,
    answer: nodePace,
    handle: (deps, { params: { node = '' } }) => telling(`Node "${node}"`, deps.readModel.nodePace(node)),
  }),
  route({
    method: 'get',
    path: '/v1/nodes/:node/wave',
    summary: 'The next wave: what would be released now, why no more, and what cannot begin. Nothing is done.',
    ability: 'see-operations',
    status: 200,
    answer: waveProposal,
    handle: (deps, { params: { node = '' } }) => telling(`Node "${node}"`, deps.readModel.nodes.proposeWave(node)),
  }),
  route({
    method: 'post',
    path: '/v1/nodes/:node/waves',
    summary: 'Release a wave: the proposed orders, or those that are named. Each is checked again.',
    ability: 'act-on-operations',
    body: waveRequest,
    status: 200,
    answer: waveAnswer,
    handle: async (deps, { params: { node = '' }, body, principal }) => {
      await audited(deps, principal!.name, 'wave.released', { node, wave: body.wave });
      return telling(`Node "${node}"`, deps.readModel.nodes.releaseWave(node, body, principal!.name));
    },
  }),
  route({
    method: 'post',
    path: '/v1/nodes/:node/impairments',
    summary: 'Report that a node can do less than usual; told again, it corrects what was said before.',
    ability: 'act-on-operations',
    body: impairmentRequest,
    status: 200,
    answer: impairmentView,
    handle: async (deps, { params: { node = '' }, body, principal }) => {
      await audited(deps, principal!.name, 'node.impaired', { node, capacityShare: body.capacityShare });
      return telling(`Node "${node}"`, deps.readModel.nodes.impair(node, body, principal!.name));
    },
  }),
  route({
    method: 'post',
    path: '/v1/nodes/:node/recovery',
    summary: 'Report that an impaired node has recovered.',
    ability: 'act-on-operations',
    body: recoveryRequest,
    status: 200,
    answer: impairmentView,
    handle: async (deps, { params: { node = '' }, body, principal }) => {
      await audited(deps, principal!.name, 'node.recovered', { node });
      return telling(`An impairment of node "${node}"`, deps.readModel.nodes.recover(node, body.note, principal!.name));
    },
  }),
  route({
    method: 'post',
    path: '/v1/nodes/:node/reroutes',
    summary: 'Work out what other nodes could ship instead, whatever the reason, and keep it for a decision.',
    ability: 'act-on-operations',
    status: 200,
    answer: rerouteView,
    handle: async (deps, { params: { node = '' }, principal }) => {
      await audited(deps, principal!.name, 'reroute.proposed', { node });
      return telling(`Node "${node}"`, deps.readModel.nodes.proposeReroute(node, principal!.name));
    },
  }),
];

const impairmentRoutes = [
  route({
    method: 'get',
    path: '/v1/impairments',
    summary: 'What impairs nodes, or did.',
    ability: 'see-operations',
    query: impairmentsQuery,
    status: 200,
    answer: impairmentsPage,
    handle: (deps, { query }) => deps.readModel.nodes.impairmentsPage(query),
  }),
  route({
    method: 'get',
    path: '/v1/impairments/:id',
    summary: 'One impairment: what it puts at risk, what was moved, and how far it has come.',
    ability: 'see-operations',
    status: 200,
    answer: impairmentView,
    handle: (deps, { params: { id = '' } }) => telling(`Impairment "${id}"`, deps.readModel.nodes.impairment(id)),
  }),
  route({
    method: 'get',
    path: '/v1/impairments/:id/orders',
    summary: 'The open orders it affects, the most urgent first, with their promises.',
    ability: 'see-operations',
    query: pageQuery,
    status: 200,
    answer: affectedOrdersPage,
    handle: (deps, { params: { id = '' }, query }) =>
      telling(`Impairment "${id}"`, deps.readModel.nodes.affectedOrders(id, query)),
  }),
  route({
    method: 'get',
    path: '/v1/impairments/:id/inbound',
    summary: 'Purchase orders and transfers that were to arrive at the node, or to leave it, while it lasts.',
    ability: 'see-operations',
    query: pageQuery,
    status: 200,
    answer: affectedInboundPage,
    handle: (deps, { params: { id = '' }, query }) =>
      telling(`Impairment "${id}"`, deps.readModel.nodes.affectedInbound(id, query)),
  }),
  route({
    method: 'post',
    path: '/v1/impairments/:id/proposals',
    summary: 'Work out a reroute: which orders others can ship in time, with extra shipments, cost and promises saved.',
    ability: 'act-on-operations',
    status: 200,
    answer: rerouteView,
    handle: async (deps, { params: { id = '' }, principal }) => {
      await audited(deps, principal!.name, 'reroute.proposed', { impairment: id });
      return telling(`Impairment "${id}"`, deps.readModel.nodes.proposeRerouteFor(id, principal!.name));
    },
  }),
];

const rerouteRoutes = [
  route({
    method: 'get',
    path: '/v1/reroutes',
    summary: 'Reroutes that were proposed, and what became of them.',
    ability: 'see-operations',
    query: reroutesQuery,
    status: 200,
    answer: reroutesPage,
    handle: (deps, { query }) => deps.readModel.nodes.reroutesPage(query),
  }),
  route({
    method: 'get',
    path: '/v1/reroutes/:id',
    summary: 'One reroute with its progress.',
    ability: 'see-operations',
    status: 200,
    answer: rerouteView,
    handle: (deps, { params: { id = '' } }) => telling(`Reroute "${id}"`, deps.readModel.nodes.reroute(id)),
  }),
  route({
    method: 'get',
    path: '/v1/reroutes/:id/moves',
    summary: 'The orders it has still to move, and where to.',
    ability: 'see-operations',
    query: pageQuery,
    status: 200,
    answer: rerouteMovesPage,
    handle: (deps, { params: { id = '' }, query }) =>
      telling(`Reroute "${id}"`, deps.readModel.nodes.rerouteMoves(id, query.cursor)),
  }),
  route({
    method: 'post',
    path: '/v1/reroutes/:id/approve',
    summary: 'Move its orders, twenty at a time, each checked again at its turn.',
    ability: 'act-on-operations',
    status: 200,
    answer: rerouteView,
    handle: async (deps, { params: { id = '' }, principal }) => {
      await audited(deps, principal!.name, 'reroute.approved', { reroute: id });
      return telling(`Reroute "${id}"`, deps.readModel.nodes.decide(id, 'approved', undefined, principal!.name));
    },
  }),
  route({
    method: 'post',
    path: '/v1/reroutes/:id/reject',
    summary: 'Turn it down. Nothing moves.',
    ability: 'act-on-operations',
    body: rejection,
    status: 200,
    answer: rerouteView,
    handle: async (deps, { params: { id = '' }, body, principal }) => {
      await audited(deps, principal!.name, 'reroute.rejected', { reroute: id });
      return telling(`Reroute "${id}"`, deps.readModel.nodes.decide(id, 'rejected', body.reason, principal!.name));
    },
  }),
];

export const nodesRoutes = [...nodeRoutes, ...impairmentRoutes, ...rerouteRoutes];
