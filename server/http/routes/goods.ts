/** Lots, costs, transfers and returns; and taking back what should never have been booked. */
import { NotAsThingsStand } from '../../actions/actions.ts';
import {
  costView,
  lotsPage,
  lotsQuery,
  returnsPage,
  returnsQuery,
  returnView,
  stockVoid,
  transferCancelling,
  transferClosing,
  transfersPage,
  transfersQuery,
  transferView,
  transitionsAnswer,
} from '../contract/goods.ts';
import { notFound, Refusal } from '../problems.ts';
import { type HandlerDeps, route } from '../route.ts';

type Said = { by: string; what: string; about: Record<string, string> };

/** Notes who did what, and answers 409 with the reason when the flow refuses it as things stand. */
async function done(deps: HandlerDeps, { by, what, about }: Said, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof NotAsThingsStand)) throw error;
    throw new Refusal(409, { title: 'Not as things stand', detail: error.message });
  }
  await deps.access.audit.record(by, what, about);
}

export const goodsRoutes = [
  route({
    method: 'get',
    path: '/v1/lots',
    summary: 'What is left of each lot, per SKU and node, first to expire first.',
    ability: 'see-operations',
    query: lotsQuery,
    status: 200,
    answer: lotsPage,
    handle: (deps, { query }) => deps.readModel.lotsPage(query),
  }),
  route({
    method: 'get',
    path: '/v1/stock/:sku/cost',
    summary: 'What a unit costs and how that came about, day by day.',
    ability: 'see-cost',
    status: 200,
    answer: costView,
    handle: async (deps, { params: { sku = '' } }) =>
      (await deps.readModel.cost(sku)) ?? Promise.reject(notFound(`SKU "${sku}"`)),
  }),
  route({
    method: 'get',
    path: '/v1/stock-transitions',
    summary: 'The ways units may go: by which rule of their own, and which need somebody who answers for it.',
    ability: 'see-operations',
    status: 200,
    answer: transitionsAnswer,
    handle: async (deps) => deps.readModel.transitions(),
  }),
  route({
    method: 'post',
    path: '/v1/stock-voids',
    summary: 'Take back what an event of the last thirty days has moved, because it should never have been sent.',
    ability: 'act-on-operations',
    body: stockVoid,
    status: 202,
    answer: null,
    handle: (deps, { body, principal }) => {
      const by = principal!.name;
      const about = { source: body.source, event: body.event };
      return done(deps, { by, what: 'stock.voided', about }, deps.readModel.voidStock(body, by));
    },
  }),
  route({
    method: 'get',
    path: '/v1/transfers',
    summary: 'Transfers between nodes, with what of them is on its way.',
    ability: 'see-operations',
    query: transfersQuery,
    status: 200,
    answer: transfersPage,
    handle: (deps, { query }) => deps.readModel.transfersPage(query),
  }),
  route({
    method: 'get',
    path: '/v1/transfers/:transfer',
    summary: 'One transfer. What is over is known for thirty days.',
    ability: 'see-operations',
    status: 200,
    answer: transferView,
    handle: async (deps, { params: { transfer = '' } }) =>
      (await deps.readModel.transfer(transfer)) ?? Promise.reject(notFound(`Transfer "${transfer}"`)),
  }),
  route({
    method: 'post',
    path: '/v1/transfers/:transfer/close',
    summary: 'Nothing more will arrive: what is missing goes to loss or unknown, with the reason.',
    ability: 'act-on-operations',
    body: transferClosing,
    status: 202,
    answer: null,
    handle: async (deps, { params: { transfer = '' }, body, principal }) => {
      if ((await deps.readModel.transfer(transfer)) === null) throw notFound(`Transfer "${transfer}"`);
      const by = principal!.name;
      const about = { transfer, to: body.to };
      await done(deps, { by, what: 'transfer.closed', about }, deps.readModel.closeTransfer(transfer, body, by));
    },
  }),
  route({
    method: 'post',
    path: '/v1/transfers/:transfer/cancel',
    summary: 'Nothing more will be sent: what is still reserved goes back on sale.',
    ability: 'act-on-operations',
    body: transferCancelling,
    status: 202,
    answer: null,
    handle: async (deps, { params: { transfer = '' }, body, principal }) => {
      if ((await deps.readModel.transfer(transfer)) === null) throw notFound(`Transfer "${transfer}"`);
      const by = principal!.name;
      const about = { transfer };
      await done(deps, { by, what: 'transfer.cancelled', about }, deps.readModel.cancelTransfer(transfer, body, by));
    },
  }),
  route({
    method: 'get',
    path: '/v1/returns',
    summary: 'Returns that are being judged, with what the policy proposes.',
    ability: 'see-operations',
    query: returnsQuery,
    status: 200,
    answer: returnsPage,
    handle: (deps, { query }) => deps.readModel.returnsPage(query),
  }),
  route({
    method: 'get',
    path: '/v1/returns/:return',
    summary: 'One return. What is judged is known for thirty days.',
    ability: 'see-operations',
    status: 200,
    answer: returnView,
    handle: async (deps, { params }) =>
      (await deps.readModel.return(params['return'] ?? '')) ?? Promise.reject(notFound(`Return "${params['return']}"`)),
  }),
];
