/** What the routes about nodes ask for. `null` means: there is no such thing; `NotNow` is thrown where things stand differently. */
import type { z } from 'zod';
import type {
  affectedInboundPage,
  affectedOrdersPage,
  ImpairmentView,
  impairmentRequest,
  impairmentsPage,
  impairmentsQuery,
  NodeView,
  nodesPage,
  RerouteView,
  rerouteMovesPage,
  reroutesPage,
  reroutesQuery,
  WaveAnswer,
  WaveProposal,
  waveRequest,
} from '../http/contract/nodes.ts';

export type Page = { cursor?: string | undefined; limit: number };

export type ReroutesModel = {
  reroute(id: string): Promise<RerouteView | null>;
  reroutesPage(query: z.output<typeof reroutesQuery>): Promise<z.output<typeof reroutesPage>>;
  /** The orders a reroute has still to move, in their order, as many a page as are moved at a time. */
  rerouteMoves(id: string, cursor?: string): Promise<z.output<typeof rerouteMovesPage> | null>;
  /** Works out a reroute and keeps it for a decision: of a node for whatever reason, or because of an impairment. */
  proposeReroute(node: string, by: string): Promise<RerouteView | null>;
  proposeRerouteFor(impairment: string, by: string): Promise<RerouteView | null>;
  decide(
    id: string,
    decision: 'approved' | 'rejected',
    reason: string | undefined,
    by: string,
  ): Promise<RerouteView | null>;
};

export type NodesModel = ReroutesModel & {
  page(page: Page): Promise<z.output<typeof nodesPage>>;
  node(name: string): Promise<NodeView | null>;
  proposeWave(node: string): Promise<WaveProposal | null>;
  releaseWave(node: string, asked: z.output<typeof waveRequest>, by: string): Promise<WaveAnswer | null>;
  impairment(id: string): Promise<ImpairmentView | null>;
  impairmentsPage(query: z.output<typeof impairmentsQuery>): Promise<z.output<typeof impairmentsPage>>;
  /** The first report opens an impairment, the next ones correct it. */
  impair(node: string, asked: z.output<typeof impairmentRequest>, by: string): Promise<ImpairmentView | null>;
  /** @returns null when the node is not impaired */
  recover(node: string, note: string | undefined, by: string): Promise<ImpairmentView | null>;
  affectedOrders(id: string, page: Page): Promise<z.output<typeof affectedOrdersPage> | null>;
  affectedInbound(id: string, page: Page): Promise<z.output<typeof affectedInboundPage> | null>;
};
