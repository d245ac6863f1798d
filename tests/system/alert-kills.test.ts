/** A server that is killed while it tells people: everybody hears of everything, and of each thing under one id. */
import { expect, it } from 'vitest';
import { createAccess } from '../../server/access/index.ts';
import { alertPreview, alertsAnswer, deliveriesPage } from '../../server/http/contract/alerts.ts';
import { isLong } from '../support/how-much.ts';
import { startMailServer } from '../support/mail-server.ts';
import { describeServer, makeDataDir, openView, readReach, until, workspace } from '../support/running-tideline.ts';

const seed = Number(process.env['TIDELINE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const WAIT_MS_MAX = 60_000;
const KILLS = isLong ? 6 : 1;
const SKUS_PER_ROUND = 4;
const password = 'correct horse battery';
const policy = {
  routes: [{ name: 'stock', when: { kinds: ['negative-stock'] }, to: ['role:planner'] }],
  settleMinutes: 0,
  digest: { moreThan: 1_000, withinMinutes: 1 },
};
const people = ['pia@example.com', 'ben@example.com'];

it('what it was killed over is told by the next one, to everybody, and under one id', {
  timeout: 240_000,
}, async () => {
  console.log(`seed ${seed}`);
  const folder = makeDataDir();
  const mail = await startMailServer();
  const more = ['--smtp-url', mail.url, '--mail-from', 'Tideline <tideline@example.com>'];
  const server = await describeServer({ dataDir: folder.path, more });
  const view = () => openView(readReach(folder.path).reached);
  try {
    await server.start();
    const first = await view();
    const key = await first.ingestKey();
    const access = createAccess({ redis: first.redis, workspace });
    for (const email of [...people, 'ada@example.com']) {
      const role = email.startsWith('ada') ? 'admin' : 'planner';
      await access.createAccount('test', { email, name: email.split('@')[0]!, role, password });
    }
    const signedIn = await access.signIn({ email: 'ada@example.com', password }, '127.0.0.1');
    const cookie = `tideline=${'token' in signedIn ? signedIn.token : ''}`;
    await first.close();
    const ask = async (method: string, path: string, body?: object) => {
      const answer = await fetch(`${server.url}${path}`, {
        method,
        headers: { cookie, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as unknown };
    };
    expect((await ask('POST', '/v1/policies/alerts', { body: policy })).status).toBe(202);

    const adjust = async (sku: string, quantity: number) => {
      const data = { sku, node: 'BER', quantity, reason: 'count' };
      const event = { specversion: '1.0', source: 'wms', type: 'stock.adjusted', time: new Date().toISOString(), data };
      const answer = await fetch(`${server.url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...event, id: `${sku}-by-${quantity}` }),
      });
      if (answer.status !== 202) throw new Error(await answer.text());
    };
    const idOf = ({ raw }: (typeof mail.mails)[number]) => /^Message-ID: *(.+)$/im.exec(raw)![1]!.trim();
    const said = () => mail.mails.map((one) => `${one.to[0]} ${one.mail.subject} ${one.mail.text}`);
    const toldOf = (sku: string) =>
      people.every((person) => said().some((text) => text.startsWith(person) && text.includes(sku)));

    const skus: string[] = [];
    let random = seed;
    for (let round = 0; round <= KILLS; round++) {
      const those = Array.from({ length: SKUS_PER_ROUND }, (_, index) => `SKU-${round}-${index}-END`);
      skus.push(...those);
      const before = mail.mails.length;
      for (const sku of those) await adjust(sku, -3);
      if (round < KILLS) {
        // Somewhere between nothing said and everything said, and at once after that.
        random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
        const mails = random % (SKUS_PER_ROUND * people.length);
        await until(`${mails} mails of round ${round}`, WAIT_MS_MAX, () => mail.mails.length - before >= mails);
        await server.kill();
        await server.start();
      }
    }
    await until('everybody was told of everything', WAIT_MS_MAX, () => skus.every(toldOf));
    for (const sku of skus) await adjust(sku, 5);
    const ended = async () => {
      const { items, counts } = alertsAnswer.parse((await ask('GET', '/v1/alerts')).body);
      const waiting = deliveriesPage.parse((await ask('GET', '/v1/alerts/deliveries?state=waiting')).body);
      return items.length === 0 && Object.values(counts).every((count) => count === 0) && waiting.items.length === 0;
    };
    await until('all of it is over', WAIT_MS_MAX, ended);

    const page = deliveriesPage.parse((await ask('GET', '/v1/alerts/deliveries?limit=500')).body);
    const byKind = Map.groupBy(page.items, ({ kind }) => kind);
    expect(byKind.get('opened')).toHaveLength(skus.length * people.length);
    expect(byKind.get('ended')).toHaveLength(skus.length * people.length);
    expect(page.items.every(({ state }) => state === 'delivered')).toBe(true);
    // A mail may come twice after a kill, but then it is the same one: as many ids as messages, each with one text.
    const texts = Map.groupBy(mail.mails, idOf);
    expect(texts.size).toBe(page.items.length);
    for (const [id, same] of texts)
      expect(new Set(same.map((one) => `${one.to[0]} ${one.mail.subject}`)).size, id).toBe(1);
    console.log(`${page.items.length} messages in ${mail.mails.length} mails over ${KILLS} kills`);

    const preview = alertPreview.parse(
      (await ask('POST', '/v1/alerts/preview', { example: { kind: 'negative-stock', node: 'BER' } })).body,
    );
    expect(preview).toMatchObject({ route: 'stock', silent: null });
    expect(preview.told.map(({ target, when }) => `${target} ${when}`)).toEqual([
      'person:ben@example.com now',
      'person:pia@example.com now',
    ]);
    expect((await ask('POST', '/v1/alerts/preview', { exception: 'EX-99999' })).status).toBe(404);
    expect((await ask('POST', '/v1/alerts/preview', {})).status).toBe(400);
    expect((await ask('POST', `/v1/alerts/deliveries/${page.items[0]!.id}/retry`)).status).toBe(409);
    expect((await ask('POST', '/v1/alerts/deliveries/none-1/retry')).status).toBe(404);
  } finally {
    await server.end('SIGTERM');
    await mail.stop();
  }
  folder.remove();
});
