/**
 * One seed: real processors, history writers and jobs on a simulated Redis and a simulated history, with producers that
 * repeat themselves, a network that loses and delays, and programs that die between any two of their steps.
 */
import { startHistoryWriter } from '../../analytics/clickhouse/history-writer.ts';
import { catalog } from '../../analytics/kpis/index.ts';
import { startPassingDeadlines } from '../../server/jobs/pass-deadlines.ts';
import { startTidying } from '../../server/jobs/tidy-dedupe-window.ts';
import { randomOf } from '../../server/simulated-company/random.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { keysOf } from '../../streams/processing/keys.ts';
import { startProcessor } from '../../streams/processing/run-processor.ts';
import { randomHistory } from '../support/random-history.ts';
import { type Connection, connect, type Network } from './connection.ts';
import { HistoryStore } from './history-store.ts';
import { type FaultPlan, planOf } from './plan.ts';
import { Intake } from './producers.ts';
import { Store } from './store.ts';
import { install, type Program, VirtualTime } from './virtual-time.ts';

const SETTLE_MS_MAX = 180_000;
/** Looked for from this often on, so that looking costs little. */
const LOOK_EVERY_MS = 250;
const silent = { info() {}, warn() {}, error() {}, debug() {}, trace() {}, fatal() {} } as never;

export type Outcome = {
  seed: number;
  plan: FaultPlan;
  store: Store;
  history: HistoryStore;
  intake: Intake;
  keys: ReturnType<typeof keysOf>;
  wall: number;
  kills: number;
  steps: number;
  /** Why it never came to rest, or empty. */
  stuck: string;
};

export async function runSeed(seed: number): Promise<Outcome> {
  const plan = planOf(seed);
  const time = new VirtualTime(plan.startsAt, randomOf(seed, 'programs'));
  const uninstall = install(time);
  try {
    return await simulate(seed, plan, time);
  } finally {
    uninstall();
  }
}

async function simulate(seed: number, plan: FaultPlan, time: VirtualTime): Promise<Outcome> {
  const random = randomOf(seed, 'faults');
  const keys = keysOf('main');
  const store = new Store(() => time.wall());
  let faulty = true;
  let kills = 0;
  store.trimsNow = () => random.chance(0.5);
  store.leasesAreShared = plan.leasesShared;
  const latency = () => plan.latencyMs * random.exponential(1);
  const onWait = (program: Program) => {
    program.waits += 1;
    if (program.alive && program.waits >= program.diesAtWait) kill(program);
  };
  const network: Network = { store, time, latency, downUntil: 0, connections: new Set<Connection>(), onWait };
  const history = new HistoryStore(time, {
    latency,
    onWait,
    insertEnds: () =>
      faulty && random.chance(plan.engineFails) ? random.pick(['unreached', 'half-way', 'unanswered']) : 'well',
    questionFails: () => faulty && random.chance(plan.engineFails),
  });
  const intake = new Intake(time, random, {
    get lost() {
      return faulty ? plan.lost : 0;
    },
    get unanswered() {
      return faulty ? plan.unanswered : 0;
    },
    get doubled() {
      return faulty ? plan.doubled : 0;
    },
    travelMs: () => plan.travelMs * random.exponential(1),
  });

  const mains: Record<string, () => void> = {
    process: () =>
      void startProcessor({
        reader: connect(network),
        writer: connect(network, { failsAtOnce: true }),
        redis: connect(network),
        keys,
        catalog,
        logger: silent,
        batchMax: plan.batchMax,
        statesKeptMax: plan.statesKeptMax,
      }),
    history: () =>
      void startHistoryWriter({ redis: connect(network), history: history.client(), keys, logger: silent }),
    ingest: () => intake.startWorker(connect(network), keys, history.client()),
    jobs: () => {
      startPassingDeadlines({ redis: connect(network), keys, now: Date.now, onProblem: () => undefined });
      startTidying({ redis: connect(network), keys, now: Date.now, onProblem: () => undefined });
    },
  };
  const programs = new Map<string, Program>();
  const startProgram = (name: string) => {
    const program = time.start(name, mains[name.split('-')[0]!]!);
    programs.set(name, program);
    if (faulty && random.chance(plan.dies))
      program.diesAtWait = 1 + Math.floor(random.exponential(plan.waitsBeforeDeath));
  };
  function kill(program: Program): void {
    program.alive = false;
    kills += 1;
    for (const connection of network.connections) {
      if (connection.program !== program) continue;
      network.connections.delete(connection);
      connection.cut(random.int(0, connection.pending));
    }
    time.after(random.exponential(plan.awayMs), () => startProgram(program.name));
  }

  const written = randomHistory(randomOf(seed, 'business'), {
    events: plan.events,
    from: time.wall() + 200,
    paceMs: plan.paceMs,
    lateShare: plan.lateShare,
  });
  poison(written, plan.poisoned, random);
  // A workspace is set up before it trades: a mode that changes in the middle is seen by an item with its next event.
  store.run({ name: 'XADD', args: [keys.log, '*', 'e', intake.setUp(written.shift()!)] });
  for (const name of plan.programs) startProgram(name);
  intake.plan(written, 200);
  const busyMs = written.reduce((sum, { after }) => sum + after, 0) + 1_000;

  for (const at of plan.freezes) {
    time.after(at * busyMs, () => {
      const program = programs.get(random.pick(plan.programs));
      // Long enough to lose a lease at times, and over when the faults are.
      const until = Math.min(time.elapsed + random.exponential(6_000), busyMs + 1_000);
      if (program !== undefined) program.frozenUntil = until;
    });
  }
  for (const at of plan.redisRestarts) {
    time.after(at * busyMs, () => {
      network.downUntil = time.elapsed + random.exponential(700);
      for (const connection of network.connections) connection.cut(random.int(0, connection.pending));
    });
  }
  for (const at of plan.leasesLost) {
    time.after(at * busyMs, () => store.run({ name: 'del', args: [[keys.lease, keys.historyLease]] }));
  }
  for (const { at, hours } of plan.sleeps) {
    time.after(at * busyMs, () => {
      time.wallOffset += hours * 3_600_000;
    });
  }
  if (plan.sentAgain > 0) time.after(busyMs, () => intake.sendAgain(plan.sentAgain));

  let looking = false;
  const lookLater = () => {
    looking = true;
    time.after(LOOK_EVERY_MS, lookLater);
  };
  time.after(busyMs + 1_000, () => {
    faulty = false;
    store.leasesAreShared = false;
    for (const program of programs.values()) program.diesAtWait = Number.POSITIVE_INFINITY;
    lookLater();
  });
  let rested = 'not looked yet';
  let restedSince = 0;
  const isAtRest = () => {
    if (!looking) return false;
    looking = false;
    const now = unrest();
    if (now !== rested || now !== '') restedSince = time.elapsed;
    rested = now;
    // Deadlines that fell due meanwhile make one more round.
    if (now === '' && time.elapsed - restedSince > 2_500) return true;
    return time.elapsed > busyMs + SETTLE_MS_MAX;
  };
  const unrest = (): string => {
    const checkpoint = checkpointOf(store.text(keys.checkpoint));
    const away = [...programs.values()].find(({ alive }) => !alive);
    if (away !== undefined) return `${away.name} is away`;
    if (!intake.isEmpty) return 'deliveries wait';
    if (store.lastId(keys.log) !== checkpoint.position && store.entries(keys.log).length > 0)
      return `the log is at ${store.lastId(keys.log)}, the checkpoint at ${checkpoint.position}`;
    const written = Number(store.hash(keys.historyPosition).get('seq') ?? 0);
    return written === checkpoint.seq ? '' : `history is at ${written} of ${checkpoint.seq}`;
  };
  await time.runUntil(isAtRest);
  const stuck = unrest();
  for (const program of programs.values()) program.alive = false;
  return { seed, plan, store, history, intake, keys, wall: time.wall(), kills, steps: time.steps, stuck };
}

/** Some events become ones that every rule fails on. */
function poison(written: { event: { type: string } }[], share: number, random: { chance(p: number): boolean }): void {
  for (const { event } of written.slice(10)) if (random.chance(share)) event.type = 'poison';
}
