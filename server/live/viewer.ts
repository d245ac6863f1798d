/** A browser that is connected, and what the gateway knows of it. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Server, Socket } from 'socket.io';
import type { Principal } from '../access/abilities.ts';
import type { Change, ClientToServer, ServerToClient } from './contract.ts';

export type ViewerData = {
  headers: IncomingHttpHeaders;
  principal: Principal;
  topics: Set<string>;
  /** Topics of which it was too slow to get a change. */
  behind: Set<string>;
  slowSince: number;
};
type Nothing = Record<string, never>;
export type Viewer = Socket<ClientToServer, ServerToClient, Nothing, ViewerData>;
export type LiveServer = Server<ClientToServer, ServerToClient, Nothing, ViewerData>;

/** A change of no epoch: whoever gets it subscribes again. */
export const startAgain = (topic: string): Change => ({ topic, epoch: '', version: 0, set: {}, remove: [] });
