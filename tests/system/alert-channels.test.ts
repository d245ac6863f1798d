import { createServer, type Server, type Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NotDelivered } from '../../server/alerts/channels/channel.ts';
import { openAlertChannels } from '../../server/alerts/channels/index.ts';
import type { SendingDeps } from '../../server/alerts/channels/send.ts';
import { type AlertChannelRequestInput, alertChannelRequest } from '../../server/http/contract/alert-channels.ts';
import type { ReadModel } from '../../server/http/read-model.ts';
import { alertOf, digestOf } from '../support/alert-messages.ts';
import { type FakeReceiver, startFakeReceiver } from '../support/fake-receiver.ts';
import { hooksCertificate } from '../support/hooks-certificate.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';

const HOUR_MS = 3_600_000;
const canary = 'canary7e1b40d2';
const routingKey = `${canary}${'K'.repeat(32 - canary.length)}`;
let server: TestRedis;
let web: TestWeb;
let receiver: FakeReceiver;
let secure: FakeReceiver;
let mail: MailServer;
let clock = Date.now();
const never = new AbortController().signal;
const policies: { policy: string; body: unknown }[] = [];

const open = (differ: Partial<SendingDeps> = {}) =>
  openAlertChannels({
    redis: web.redis,
    keys: web.keys,
    audit: web.access.audit,
    config: {
      smtpUrl: mail.url,
      mailFrom: 'Tideline <alerts@example.com>',
      publicUrl: 'https://ops.example',
      allowedTargets: ['127.0.0.1'],
    },
    now: () => clock,
    ...differ,
  });

let channels: ReturnType<typeof open>;

beforeAll(async () => {
  server = await startTestRedis();
  [receiver, secure, mail] = await Promise.all([
    startFakeReceiver(),
    startFakeReceiver(hooksCertificate),
    startMailServer(),
  ]);
  const readModel = {
    policies: async () => policies,
    workspace: async () => ({ name: 'Shop', timeZone: 'Europe/Berlin' }),
    get alertChannels() {
      return channels;
    },
  } as unknown as ReadModel;
  web = await startTestWeb(server, { ingestion: false, app: { readModel } });
  channels = open();
});
afterAll(async () => {
  await Promise.all([receiver.stop(), secure.stop(), mail.stop()]);
  await web.stop();
  await server.stop();
});
afterEach(() => {
  receiver.received.length = 0;
  receiver.answer(200, 'ok');
  policies.length = 0;
});

let made = 0;
/** @returns its id */
async function channelOf(settings: AlertChannelRequestInput['settings'], of = channels): Promise<string> {
  const id = `c${++made}`;
  const saved = await of.save(alertChannelRequest.parse({ id, name: id, settings }), 'ada');
  expect(saved).toHaveProperty('channel');
  return id;
}
const failure = async (sending: Promise<unknown>): Promise<NotDelivered> => {
  const error = await sending.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(NotDelivered);
  return error as NotDelivered;
};
const slackUrl = () => `${receiver.url}/services/T00/B00/${canary}`;

describe('what each receiver is sent', () => {
  test('Slack: blocks, and its plain answer', async () => {
    const id = await channelOf({ kind: 'slack', url: slackUrl(), mention: 'here' });
    expect(await channels.deliver(id, alertOf('opened'), never)).toEqual({ reference: '', answer: '200 ok' });
    expect(receiver.received[0]!.path).toBe(`/services/T00/B00/${canary}`);
    expect(receiver.last()).toMatchObject({ text: 'Critical · Tea runs out at BER-1', blocks: expect.any(Array) });
  });

  test('Teams: a card; an error inside of an answer that all is well is one', async () => {
    const id = await channelOf({ kind: 'teams', url: `${receiver.url}/workflows/${canary}?sig=${canary}` });
    receiver.answer(202);
    await channels.deliver(id, digestOf(3), never);
    expect(receiver.last().attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
    receiver.answer(
      200,
      'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429',
    );
    expect((await failure(channels.deliver(id, digestOf(3), never))).final).toBe(false);
  });

  test('PagerDuty: one incident from its beginning to its end, and a test that leaves nothing open', async () => {
    const url = `${receiver.url}/v2/enqueue`;
    const id = await channelOf({ kind: 'pagerduty', routingKey, url });
    // As its Events API answers.
    const open = new Set<string>();
    receiver.answering.with = ({ body }, response) => {
      const { routing_key, event_action, dedup_key } = JSON.parse(body);
      if (routing_key !== routingKey) return void response.writeHead(400).end('{"status":"invalid event"}');
      if (event_action === 'trigger') open.add(dedup_key);
      if (event_action === 'resolve') open.delete(dedup_key);
      response.writeHead(202).end(JSON.stringify({ status: 'success', message: 'Event processed', dedup_key }));
    };
    const { reference } = await channels.deliver(id, alertOf('opened'), never);
    await channels.deliver(id, alertOf('opened'), never);
    expect([...open]).toEqual([reference]);
    await channels.deliver(id, alertOf('ended'), never);
    expect(open.size).toBe(0);
    expect(await channels.test(id, 'ada', { workspace: 'Shop', timeZone: 'UTC' })).toMatchObject({ delivered: true });
    expect([open.size, receiver.received.length]).toEqual([0, 5]);
  });

  test('a webhook: signed so that the library of Standard Webhooks verifies it, before, during and after a rotation', async () => {
    const request = alertChannelRequest.parse({
      id: 'hook',
      name: 'Hook',
      settings: { kind: 'webhook', url: `${receiver.url}/in`, authorization: `Bearer ${canary}` },
    });
    const saved = await channels.save(request, 'ada');
    const first = (saved as { secret: string }).secret;
    const verify = (secret: string) => {
      const { headers, body } = receiver.received.at(-1)!;
      return new Webhook(secret).verify(body, headers as Record<string, string>);
    };
    await channels.deliver('hook', alertOf('opened'), never);
    expect(verify(first)).toMatchObject({ type: 'alert.opened', data: { items: [{ number: 'EX-17' }] } });
    expect(receiver.received[0]!.headers).toMatchObject({ authorization: `Bearer ${canary}`, 'webhook-id': 'alert-1' });
    const rotation = await channels.rotate('hook', 1, 'ada');
    const second = (rotation as { secret: string }).secret;
    await channels.deliver('hook', alertOf('opened'), never);
    for (const secret of [first, second]) expect(verify(secret)).toBeTruthy();
    const before = clock;
    clock += HOUR_MS;
    await channels.deliver('hook', alertOf('opened'), never);
    expect(receiver.received.at(-1)!.headers['webhook-signature']!.toString().split(' ')).toHaveLength(1);
    clock = before;
  });

  test('mail: by the server of the product or by one of its own, and shown with what was said before', async () => {
    const id = await channelOf({ kind: 'email', recipients: ['ada@example.com', 'bo@example.com'] });
    await channels.deliver(id, alertOf('opened'), never);
    await channels.deliverMail(['cy@example.com'])({ ...alertOf('ended'), id: 'two' }, never);
    const [opened, ended] = mail.mails.slice(-2);
    expect(opened).toMatchObject({
      to: ['ada@example.com', 'bo@example.com'],
      mail: { subject: 'Critical · Tea runs out at BER-1' },
    });
    expect(ended!.mail.references).toEqual(opened!.mail.references);
    const port = Number(new URL(mail.url).port);
    const own = await channelOf({
      kind: 'email',
      recipients: ['di@example.com'],
      from: 'shop@example.com',
      server: { host: '127.0.0.1', port, security: 'none' },
    });
    await channels.deliver(own, alertOf('opened'), never);
    expect(mail.mails.at(-1)!.mail.from?.text).toBe('shop@example.com');
    mail.wishes.refuseRecipient = 'bo@example.com';
    expect((await channels.deliver(id, alertOf('opened'), never)).answer).toContain('not taken for bo@example.com');
    delete mail.wishes.refuseRecipient;
    mail.wishes.refuseData = { code: 451, times: 1 };
    expect((await failure(channels.deliver(id, alertOf('opened'), never))).final).toBe(false);
    mail.wishes.refuseData = { code: 554, times: 1 };
    expect((await failure(channels.deliver(id, alertOf('opened'), never))).final).toBe(true);
  });

  test('mail that must be hidden from others is not sent where it cannot be', async () => {
    const port = Number(new URL(mail.url).port);
    const before = mail.mails.length;
    const id = await channelOf({ kind: 'email', recipients: ['a@example.com'], server: { host: '127.0.0.1', port } });
    expect((await failure(channels.deliver(id, alertOf('opened'), never))).message).toMatch(/STARTTLS/i);
    expect(mail.mails).toHaveLength(before);
  });
});

describe('a target that is not well', () => {
  test('answers 500 for an hour: every try says to come back, none is lost, and the first good one is the same message', async () => {
    const id = await channelOf({ kind: 'webhook', url: `${receiver.url}/in` });
    receiver.answer(500, 'down', { 'Retry-After': '120' });
    const begun = clock;
    while (clock < begun + HOUR_MS) {
      expect(await failure(channels.deliver(id, alertOf('opened'), never))).toMatchObject({
        final: false,
        retryAfterMs: 120_000,
      });
      clock += 300_000;
    }
    receiver.answer(200);
    await channels.deliver(id, alertOf('opened'), never);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['alert-1']));
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    clock = begun;
  });

  test.each([
    ['slack', 400, true],
    ['slack', 404, true],
    ['slack', 429, false],
    ['slack', 503, false],
    ['webhook', 401, false],
    ['webhook', 404, false],
    ['webhook', 410, true],
  ] as const)('%s answers %i: for good %s', async (kind, status, final) => {
    const id = await channelOf({ kind, url: slackUrl() });
    receiver.answer(status, 'no');
    expect((await failure(channels.deliver(id, alertOf('opened'), never))).final).toBe(final);
  });

  test('redirects to a private address: nobody goes there', async () => {
    const trap = await startFakeReceiver();
    for (const status of [301, 302, 307, 308]) {
      receiver.answer(status, '', { Location: `${trap.url}/latest/meta-data` });
      const id = await channelOf({ kind: 'webhook', url: `${receiver.url}/in` });
      expect((await failure(channels.deliver(id, alertOf('opened'), never))).message).toContain('not followed');
    }
    expect(trap.received).toEqual([]);
    await trap.stop();
  });

  test('hangs: it is given up in time, and another one is served meanwhile', async () => {
    const quick = open({ takesMsMax: 250 });
    const id = await channelOf({ kind: 'slack', url: slackUrl() });
    const other = await channelOf({ kind: 'slack', url: `${receiver.url}/other` });
    receiver.answering.with = ({ path }, response) => void (path === '/other' && response.end('ok'));
    const hanging = failure(quick.deliver(id, alertOf('opened'), never));
    expect(await quick.deliver(other, alertOf('opened'), never)).toMatchObject({ answer: '200 ok' });
    expect(await hanging).toMatchObject({ final: false, message: expect.stringContaining('no answer within') });
  });

  test('never greets: a mail server is given up in time', async () => {
    const sockets = new Set<Socket>();
    const silent: Server = createServer((socket) => void sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const quick = open({ takesMsMax: 250 });
    const id = await channelOf({
      kind: 'email',
      recipients: ['a@example.com'],
      server: { host: '127.0.0.1', port, security: 'none' },
    });
    expect((await failure(quick.deliver(id, alertOf('opened'), never))).final).toBe(false);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  test('answers drop by drop: what it said is taken as its answer in time', async () => {
    const quick = open({ takesMsMax: 400 });
    const id = await channelOf({ kind: 'slack', url: slackUrl() });
    let dripping: NodeJS.Timeout | undefined;
    receiver.answering.with = (_, response) => {
      response.writeHead(200);
      dripping = setInterval(() => response.write('o'), 20);
      response.on('close', () => clearInterval(dripping));
    };
    expect((await quick.deliver(id, alertOf('opened'), never)).answer).toMatch(/^200 o+/);
    clearInterval(dripping);
  });

  test('answers without an end: a little of it is read', async () => {
    const id = await channelOf({ kind: 'slack', url: slackUrl() });
    let sent = 0;
    const closed = new Promise<void>((resolve) => {
      receiver.answering.with = (_, response) => {
        const piece = Buffer.alloc(64 * 1024, 'x');
        const more = () => {
          while (!response.destroyed && response.write(piece)) sent += piece.length;
        };
        response.on('drain', more);
        response.on('close', resolve);
        more();
      };
    });
    expect((await channels.deliver(id, alertOf('opened'), never)).answer.length).toBeLessThan(300);
    await closed;
    expect(sent).toBeLessThan(16 * 1024 ** 2);
  });

  test('breaks off, speaks no HTTP, or is not there: it is tried again, and words say why', async () => {
    receiver.answering.with = (_, response) => void response.socket?.destroy();
    const id = await channelOf({ kind: 'slack', url: slackUrl() });
    expect(await failure(channels.deliver(id, alertOf('opened'), never))).toMatchObject({
      final: false,
      message: expect.stringContaining('broke the connection off'),
    });
    const nobody = await channelOf({ kind: 'slack', url: 'http://127.0.0.1:9/x' });
    expect(await failure(channels.deliver(nobody, alertOf('opened'), never))).toMatchObject({
      final: false,
      message: expect.stringContaining('takes no connections'),
    });
    const toMail = await channelOf({ kind: 'slack', url: mail.url.replace('smtp:', 'http:') });
    expect(await failure(channels.deliver(toMail, alertOf('opened'), never))).toMatchObject({
      final: false,
      message: expect.stringContaining('HTTP'),
    });
  });
});

describe('where nothing is sent', () => {
  const config = {
    smtpUrl: '',
    mailFrom: 'a@b.example',
    publicUrl: 'https://ops.example',
    allowedTargets: [] as string[],
  };

  test('private addresses and names that lead there, unless the operator allows them', async () => {
    const strict = open({ config, lookup: async () => [{ address: '127.0.0.1', family: 4 }] });
    const named = await channelOf({ kind: 'webhook', url: `https://hooks.example:${receiver.port}/in` });
    expect(await failure(strict.deliver(named, alertOf('opened'), never))).toMatchObject({
      final: false,
      message: expect.stringContaining('127.0.0.1'),
    });
    const literal = await channelOf({ kind: 'webhook', url: `https://127.0.0.1:${receiver.port}/in` });
    expect((await failure(strict.deliver(literal, alertOf('opened'), never))).final).toBe(true);
    const port = Number(new URL(mail.url).port);
    const before = mail.mails.length;
    const byMail = await channelOf({
      kind: 'email',
      recipients: ['a@example.com'],
      server: { host: 'mail.example', port, security: 'none' },
    });
    await failure(strict.deliver(byMail, alertOf('opened'), never));
    expect([receiver.received.length, mail.mails.length - before]).toEqual([0, 0]);
  });

  test('a name is looked up once for each try: an answer that changes meanwhile changes nothing', async () => {
    let looked = 0;
    const rebinding = open({
      config: { ...config, allowedTargets: ['127.0.0.1'] },
      lookup: async () => [{ address: looked++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }],
    });
    const id = await channelOf({ kind: 'webhook', url: `http://hooks.example:${receiver.port}/in` });
    await rebinding.deliver(id, alertOf('opened'), never);
    expect([looked, receiver.received.length, receiver.received[0]!.headers.host]).toEqual([
      1,
      1,
      `hooks.example:${receiver.port}`,
    ]);
    expect((await failure(rebinding.deliver(id, alertOf('opened'), never))).message).toContain('127.0.0.2');
    expect(receiver.received).toHaveLength(1);
  });

  test('TLS is verified against the name, whatever address it leads to', async () => {
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const trusting = open({ lookup, ca: hooksCertificate.cert });
    const right = await channelOf({ kind: 'webhook', url: `https://hooks.example:${secure.port}/in` });
    await trusting.deliver(right, alertOf('opened'), never);
    expect(secure.received).toHaveLength(1);
    const wrong = await channelOf({ kind: 'webhook', url: `https://other.example:${secure.port}/in` });
    expect((await failure(trusting.deliver(wrong, alertOf('opened'), never))).message).toContain('another name');
    expect((await failure(open({ lookup }).deliver(right, alertOf('opened'), never))).message).toContain(
      'nobody vouches',
    );
    expect(secure.received).toHaveLength(1);
  });

  test('a channel that is gone, switched off, or has no mail server', async () => {
    expect((await failure(channels.deliver('gone', alertOf('opened'), never))).final).toBe(true);
    const request = { id: 'off', name: 'Off', on: false, settings: { kind: 'slack' as const, url: slackUrl() } };
    await channels.save(alertChannelRequest.parse(request), 'ada');
    expect((await failure(channels.deliver('off', alertOf('opened'), never))).message).toContain('switched off');
    expect((await failure(open({ config }).deliverMail(['a@example.com'])(alertOf('opened'), never))).final).toBe(true);
  });
});

describe('setting channels up', () => {
  let headers: Record<string, string>;
  beforeAll(async () => {
    headers = { ...(await web.signIn()), 'content-type': 'application/json' };
  });
  const call = (method: string, path: string, body?: object) =>
    fetch(`${web.url}/v1/alert-channels${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  test('is made, changed, tried and removed; the same version is changed once', async () => {
    const body = { id: 'ops', name: 'Operations', settings: { kind: 'slack', url: slackUrl() } };
    const made = await (await call('POST', '', body)).json();
    expect(made).toMatchObject({
      channel: { version: 1, target: `127.0.0.1:${receiver.port}`, on: true },
      secret: null,
    });
    expect((await call('POST', '', body)).status).toBe(409);
    const change = { ...body, version: 1, settings: { kind: 'slack', mention: 'here' } };
    const outcomes = await Promise.all([call('POST', '', change), call('POST', '', change)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 409]);
    const tested = await (await call('POST', '/ops/test')).json();
    expect(tested).toMatchObject({ delivered: true, words: '200 ok', final: false });
    expect(receiver.last().text).toBe('Test: alerts of Shop arrive here');
    policies.push({ policy: 'alerts', body: { routes: [{ to: ['channel:ops'] }] } });
    expect((await call('DELETE', '/ops')).status).toBe(409);
    policies.length = 0;
    expect((await call('DELETE', '/ops')).status).toBe(204);
    expect((await call('POST', '/ops/test')).status).toBe(404);
    expect((await call('POST', '', { ...body, version: 3 })).status).toBe(404);
  });

  test('a secret is never sent elsewhere than where it was given for', async () => {
    const server = { host: 'mail.example', port: 587, user: 'ada' };
    const settings = { kind: 'email', recipients: ['a@example.com'] };
    await call('POST', '', { id: 'm', name: 'M', settings: { ...settings, server: { ...server, password: canary } } });
    expect((await call('POST', '', { id: 'm', name: 'M', version: 1, settings: { ...settings, server } })).status).toBe(
      200,
    );
    for (const differ of [{ host: 'evil.example' }, { port: 25 }, { security: 'none' }, { user: 'eve' }]) {
      const answer = await call('POST', '', {
        id: 'm',
        name: 'M',
        version: 2,
        settings: { ...settings, server: { ...server, ...differ } },
      });
      expect([answer.status, (await answer.json()).errors[0].path]).toEqual([400, 'settings.server.password']);
    }
    const paging = { kind: 'pagerduty', routingKey };
    await call('POST', '', { id: 'p', name: 'P', settings: paging });
    const moved = { kind: 'pagerduty', url: 'https://evil.example/v2/enqueue' };
    expect((await call('POST', '', { id: 'p', name: 'P', version: 1, settings: moved })).status).toBe(400);
    const hook = { kind: 'webhook', url: 'https://hooks.example/a', authorization: canary };
    const first = await (await call('POST', '', { id: 'w', name: 'W', settings: hook })).json();
    const elsewhere = { kind: 'webhook', url: 'https://evil.example/a' };
    expect((await call('POST', '', { id: 'w', name: 'W', version: 1, settings: elsewhere })).status).toBe(400);
    const given = await (
      await call('POST', '', { id: 'w', name: 'W', version: 1, settings: { ...elsewhere, authorization: null } })
    ).json();
    expect(given.secret).toMatch(/^whsec_/);
    expect(given.secret).not.toBe(first.secret);
  });

  test('what is missing or malformed is named', async () => {
    for (const [settings, path] of [
      [{ kind: 'slack' }, 'settings.url'],
      [{ kind: 'slack', url: 'ftp://x.example/' }, 'settings.url'],
      [{ kind: 'webhook', url: 'https://ada:secret@x.example/' }, 'settings.url'],
      [{ kind: 'pagerduty', routingKey: 'short' }, 'settings.routingKey'],
      [{ kind: 'email', recipients: ['a@b.example\r\nBcc: x@y.example'] }, 'settings.recipients.0'],
      [{ kind: 'webhook', url: 'https://x.example/', authorization: 'a\r\nb: c' }, 'settings.authorization'],
    ] as const) {
      const answer = await call('POST', '', { id: 'bad', name: 'Bad', settings });
      expect([answer.status, (await answer.json()).errors[0].path]).toEqual([400, path]);
    }
  });

  test('secrets are in no answer, error, audit entry or log line, also when a receiver echoes them', async () => {
    receiver.answering.with = ({ path, headers: sent, body }, response) =>
      void response
        .writeHead(400)
        .end(JSON.stringify({ path, sent, body, base64: Buffer.from(canary).toString('base64') }));
    const ids = [
      await channelOf({ kind: 'slack', url: slackUrl() }),
      await channelOf({ kind: 'teams', url: `${receiver.url}/workflows/${canary}?sig=${canary}-signature` }),
      await channelOf({
        kind: 'webhook',
        url: `${receiver.url}/in?token=${canary}-query`,
        authorization: `Bearer ${canary}-bearer`,
      }),
      await channelOf({ kind: 'pagerduty', routingKey, url: `${receiver.url}/v2/enqueue` }),
      await channelOf({
        kind: 'email',
        recipients: ['a@example.com'],
        server: {
          host: '127.0.0.1',
          port: Number(new URL(mail.url).port),
          security: 'none',
          user: 'ada',
          password: `${canary}-password`,
        },
      }),
    ];
    const told: string[] = [];
    for (const id of ids) {
      told.push(await (await call('POST', `/${id}/test`)).text());
      told.push((await failure(channels.deliver(id, alertOf('opened'), never))).message);
    }
    told.push(await (await call('GET', '')).text(), ...web.logged);
    for await (const entry of web.access.audit.entries()) told.push(JSON.stringify(entry));
    expect(told.length).toBeGreaterThan(30);
    expect(told.filter((text) => /canary7e1b|whsec_|Y2FuYXJ5/.test(text))).toEqual([]);
    const stored = JSON.stringify(await web.redis.hGetAll(web.keys.alerts('channels')));
    expect(stored).toContain(canary);
  });

  test('is shown to those who see alerts without how it is set up', async () => {
    const listed = await (await call('GET', '')).json();
    expect(listed).toMatchObject({ mailFrom: 'Tideline <alerts@example.com>', allowedTargets: ['127.0.0.1'] });
    expect(listed.items[0].settings).not.toBeNull();
    const key = await web.readKey();
    const seen = await (
      await fetch(`${web.url}/v1/alert-channels`, { headers: { authorization: `Bearer ${key}` } })
    ).json();
    expect(seen.allowedTargets).toBeNull();
    expect(seen.items.every((item: { settings: unknown }) => item.settings === null)).toBe(true);
  });
});
