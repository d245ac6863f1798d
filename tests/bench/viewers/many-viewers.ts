/** A process full of viewers of one board: connects them, and tells its parent how late changes reached them. */
import { io, type Socket } from 'socket.io-client';
import { durationBucketOf } from '../../../analytics/kpis/histogram.ts';
import * as parser from './light-parser.ts';

export type ViewersAsked = {
  url: string;
  cookies: string[];
  topic: string;
  count: number;
  withinMs: number;
  stepMs: number;
};
export type ViewersTold =
  | { connected: number; tookMs: number }
  | { late: [bucket: number, count: number][]; changes: number; characters: number; lost: number };

const sockets: Socket[] = [];
const late = new Map<number, number>();
let [changes, characters, lost] = [0, 0, 0];

process.on('message', (message: ViewersAsked | 'reset' | 'tell' | 'end') => {
  if (message === 'reset') {
    late.clear();
    [changes, characters, lost] = [0, 0, 0];
  } else if (message === 'tell') tell({ late: [...late], changes, characters, lost });
  else if (message === 'end') {
    for (const socket of sockets) socket.disconnect();
    process.exit(0);
  } else void connectAll(message);
});

process.on('disconnect', () => process.exit(0));

const tell = (told: ViewersTold) => process.send!(told);

async function connectAll(asked: ViewersAsked): Promise<void> {
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: asked.count }, (_, index) => connect(asked, index)));
  tell({ connected: asked.count, tookMs: Math.round(performance.now() - startedAt) });
}

/** At a moment of its own, as browsers do after a restart. */
async function connect({ url, cookies, topic, withinMs, stepMs }: ViewersAsked, index: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * withinMs));
  const headers = { cookie: cookies[index % cookies.length]!, origin: url };
  const socket = io(url, { path: '/live', transports: ['websocket'], extraHeaders: headers, forceNew: true, parser });
  sockets.push(socket);
  let seen = 0;
  socket.on('disconnect', () => (lost += 1));
  socket.on('change', (change: { occurredAt: number | null; characters: number }) => {
    changes += 1;
    characters += change.characters;
    if (change.occurredAt === null) return;
    const now = Date.now();
    // Everything that was sent since the change before came with this one.
    for (let at = seen === 0 ? change.occurredAt : seen + stepMs; at <= change.occurredAt; at += stepMs) {
      const bucket = durationBucketOf(now - at);
      late.set(bucket, (late.get(bucket) ?? 0) + 1);
    }
    seen = change.occurredAt;
  });
  await new Promise<void>((resolve) => {
    socket.on('connect', () => socket.emit('subscribe', { topic }, () => resolve()));
  });
}
