import { createRequire } from 'node:module';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { mailOf } from '../../server/alerts/channels/email.ts';
import { pagerDutyEventsOf } from '../../server/alerts/channels/pagerduty.ts';
import { slackMessageOf } from '../../server/alerts/channels/slack.ts';
import { teamsMessageOf } from '../../server/alerts/channels/teams.ts';
import { newSigningSecret, rotated, signatureHeaders, webhookBodyOf } from '../../server/alerts/channels/webhook.ts';
import { withoutSecrets } from '../../server/alerts/channels/without-secrets.ts';
import { headingOf, oneLine, spanOf } from '../../server/alerts/channels/words.ts';
import type { AlertMessage, ItemKind, MessageItem, MessageKind } from '../../server/alerts/message.ts';
import { alertOf, digestOf, itemOf } from '../support/alert-messages.ts';

// What it names for `import` is not meant for Node.
const { AdaptiveCard, SerializationContext }: typeof import('adaptivecards') = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
);

const kinds: readonly MessageKind[] = ['opened', 'worse', 'still', 'acknowledged', 'ended', 'digest', 'test'];
const slack = (message: AlertMessage) => slackMessageOf(message, { mention: 'here' });

/** Names that come from outside: long, of many scripts, with signs that mean something somewhere. */
const names = [
  '',
  'Tea & <b>biscuits</b>',
  '<!channel> <https://evil.example|click>',
  '[click](https://evil.example)',
  '"><script>alert(1)</script>',
  'a\r\nBcc: x@y\u202e\u0000',
  '漢字'.repeat(1_500),
  '🍵'.repeat(900),
  '&'.repeat(3_000),
  '\ud800 alone',
];
const anyText = fc.constantFrom(...names);
const anyItem: fc.Arbitrary<MessageItem> = fc
  .record({
    title: anyText,
    detail: anyText,
    advice: anyText,
    owner: anyText,
    because: fc.array(anyText, { maxLength: 12 }),
    severity: fc.constantFrom('critical', 'high', 'medium', 'low' as const),
    kind: fc.constantFrom<ItemKind>('opened', 'worse', 'still', 'acknowledged', 'ended'),
  })
  .map((differ) => itemOf(differ));
const anyMessage: fc.Arbitrary<AlertMessage> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    items: fc.array(anyItem, { minLength: 1, maxLength: 20 }),
    workspace: anyText,
    note: anyText,
  })
  .map(({ kind, items, workspace, note }) => ({
    ...alertOf(kind),
    items: kind === 'digest' ? items : items.slice(0, 1),
    count: kind === 'digest' ? items.length + 7 : 1,
    workspace,
    note,
  }));
const runs = { numRuns: 60 };

describe('Slack', () => {
  test('takes every message: no text longer, and no more blocks, than it allows', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const { text, blocks } = slack(message);
        expect(text.length).toBeGreaterThan(0);
        expect(blocks.length).toBeLessThanOrEqual(50);
        for (const block of blocks) {
          const texts = [
            ...('text' in block ? [block.text] : []),
            ...('fields' in block ? (block.fields ?? []) : []),
            ...('elements' in block ? block.elements : []),
          ] as { type: string; text: string }[];
          expect(texts.length).toBeGreaterThan(0);
          for (const one of texts) {
            const max = block.type === 'header' ? 150 : 'fields' in block ? 2_000 : 3_000;
            expect(one.text.length).toBeGreaterThan(0);
            expect(one.text.length).toBeLessThanOrEqual(max);
          }
        }
      }),
      runs,
    );
  });

  test('calls nobody and links nowhere because of what a name says', () => {
    const message = alertOf('opened', { title: '<!channel> <https://evil.example|click>', severity: 'high' });
    const said = JSON.stringify(slack(message).blocks.filter(({ type }) => type !== 'header'));
    expect(said).not.toContain('<!');
    expect(said).not.toContain('<https://evil');
    expect(slack(message).text).toContain('&lt;!channel&gt;');
  });

  test('calls those who are there about what is critical, and not about its end', () => {
    expect(JSON.stringify(slack(alertOf('opened')))).toContain('<!here>');
    expect(JSON.stringify(slack(alertOf('ended')))).not.toContain('<!here>');
    expect(JSON.stringify(slackMessageOf(alertOf('opened'), { mention: 'nobody' }))).not.toContain('<!');
  });
});

describe('Teams', () => {
  const contentOf = (message: AlertMessage) =>
    (teamsMessageOf(message) as { attachments: { content: object }[] }).attachments[0]!.content;

  test.each(kinds)('%s is a card that Microsoft’s own parser finds nothing wrong with', (kind) => {
    const message = kind === 'digest' ? digestOf(3) : alertOf(kind);
    const context = new SerializationContext();
    const card = new AdaptiveCard();
    card.parse(contentOf(message), context);
    const events = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message);
    expect(events).toEqual([]);
    expect(card.validateProperties().validationEvents).toEqual([]);
    expect(card.getItemCount()).toBeGreaterThan(0);
  });

  test('is never larger than what a workflow takes, and says what is left out', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(Buffer.byteLength(JSON.stringify(teamsMessageOf(message)))).toBeLessThan(28_000);
      }),
      runs,
    );
    const long = digestOf(20, { title: '漢'.repeat(2_000), owner: '漢'.repeat(200) });
    expect(JSON.stringify(teamsMessageOf(long))).toMatch(/and \d+ more/);
  });

  test('names stay names: nothing of them is read as Markdown', () => {
    const said = JSON.stringify(contentOf(alertOf('opened', { title: '[click](https://evil.example)' })));
    expect(said).not.toContain('"TextBlock"');
    expect(said).not.toContain('"FactSet"');
  });
});

describe('PagerDuty', () => {
  const routingKey = 'R'.repeat(32);
  const eventsOf = (message: AlertMessage) => pagerDutyEventsOf(message, routingKey);

  test('what is said of one subject is one incident: opened, taken on and resolved', () => {
    const events = (['opened', 'worse', 'still', 'acknowledged', 'ended'] as const).flatMap((kind) =>
      eventsOf(alertOf(kind)),
    );
    expect(events.map(({ event_action }) => event_action)).toEqual([
      'trigger',
      'trigger',
      'trigger',
      'acknowledge',
      'resolve',
    ]);
    expect(new Set(events.map(({ dedup_key }) => dedup_key)).size).toBe(1);
    expect(eventsOf(alertOf('opened', { subject: 'stockout:other' }))[0]!.dedup_key).not.toBe(events[0]!.dedup_key);
  });

  test('a digest pages once, and resolves what it says to be over', () => {
    const message = digestOf(3);
    const items = [
      itemOf({ subject: 'a', kind: 'opened' }),
      itemOf({ subject: 'b', kind: 'ended' }),
      itemOf({ subject: 'c', kind: 'worse' }),
    ];
    const events = eventsOf({ ...message, items });
    expect(events.map(({ event_action }) => event_action)).toEqual(['resolve', 'trigger']);
    expect(events[1]!.payload?.custom_details['Alerts']).toHaveLength(2);
    expect(
      eventsOf({ ...message, count: 1, items: items.slice(1, 2) }).map(({ event_action }) => event_action),
    ).toEqual(['resolve']);
  });

  test('a test leaves nothing open', () => {
    const events = eventsOf(alertOf('test'));
    expect(events.map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve']);
    expect(events[0]!.payload?.severity).toBe('info');
    expect(events[0]!.dedup_key).toBe(events[1]!.dedup_key);
  });

  test('keeps to what its published schema takes', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        for (const event of eventsOf(message)) {
          expect(event.routing_key).toBe(routingKey);
          expect(event.dedup_key.length).toBeLessThanOrEqual(255);
          if (event.event_action !== 'trigger') continue;
          const { summary, severity, source, timestamp } = event.payload!;
          expect(summary.length).toBeGreaterThan(0);
          expect(summary.length).toBeLessThanOrEqual(1_024);
          expect(['critical', 'error', 'warning', 'info']).toContain(severity);
          expect(source.length).toBeGreaterThan(0);
          expect(Number.isFinite(Date.parse(timestamp))).toBe(true);
          expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(512_000);
        }
      }),
      runs,
    );
  });
});

describe('a webhook', () => {
  const message = alertOf('opened');
  const body = webhookBodyOf(message);

  test('is verified by the library of Standard Webhooks, by either secret while both sign', () => {
    const now = Date.now();
    const first = newSigningSecret(now);
    const [second, old] = rotated([first], now, 3_600_000);
    const headers = signatureHeaders({ id: message.id, body }, [second!, old!], now);
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    for (const secret of [first, second!])
      expect(new Webhook(secret.value).verify(body, lower)).toMatchObject({ type: 'alert.opened' });
    expect(() => new Webhook(newSigningSecret(now).value).verify(body, lower)).toThrow();
    expect(() => new Webhook(second!.value).verify(`${body} `, lower)).toThrow();
  });

  test('is signed by the old secret no longer when its time is over', () => {
    const now = Date.now();
    const first = newSigningSecret(now - 7_200_000);
    const secrets = rotated([first], now - 3_600_000, 3_600_000);
    expect(signatureHeaders({ id: 'm', body }, secrets, now - 1)['Webhook-Signature']!.split(' ')).toHaveLength(2);
    expect(signatureHeaders({ id: 'm', body }, secrets, now)['Webhook-Signature']!.split(' ')).toHaveLength(1);
    expect(rotated([first], now, 0)).toHaveLength(1);
    const often = [1, 2, 3, 4, 5].reduce((known) => rotated(known, now, 1_000), [first]);
    expect(often).toHaveLength(3);
  });

  test('has an id without the sign that separates what is signed', () => {
    expect(signatureHeaders({ id: 'a.b|c', body }, [newSigningSecret(1)], 2)['Webhook-Id']).toBe('a-b-c');
  });
});

describe('mail', () => {
  test('says in text and in HTML what is known, and keeps names from being markup or headers', () => {
    const mail = mailOf(alertOf('opened', { title: 'Tea "><script>alert(1)</script>\r\nBcc: x@y' }), 'ops.example');
    expect(mail.subject).toBe('Critical · Tea "><script>alert(1)</script> Bcc: x@y');
    expect(mail.html).not.toContain('<script>');
    for (const part of [mail.text, mail.html])
      for (const said of ['€1,234', 'Ada', 'EX-17', 'Reorder', 'Sales doubled']) expect(part).toContain(said);
  });

  test('of one subject belongs together, and every message has an id of its own that stays', () => {
    const [opened, ended] = [mailOf(alertOf('opened'), 'h'), mailOf({ ...alertOf('ended'), id: 'another' }, 'h')];
    expect(opened.references).toEqual(ended.references);
    expect(opened.messageId).not.toBe(ended.messageId);
    expect(mailOf(alertOf('opened'), 'h').messageId).toBe(opened.messageId);
  });
});

describe('words', () => {
  test.each([
    ['opened', 'Critical · Tea runs out at BER-1'],
    ['worse', 'Critical · Worse: Tea runs out at BER-1'],
    ['still', 'Critical · Still open: Tea runs out at BER-1'],
    ['acknowledged', 'Taken on: Tea runs out at BER-1'],
    ['ended', 'Ended: Tea runs out at BER-1'],
    ['test', 'Test: alerts of Shop arrive here'],
  ] as const)('%s: %s', (kind, heading) => {
    expect(headingOf(alertOf(kind))).toBe(heading);
  });
  test('a digest counts all, and the critical ones', () => {
    expect(headingOf(digestOf(3, { severity: 'critical' }, 12))).toBe('12 alerts, 3 critical');
  });
  test.each([
    [0, '0 min'],
    [59 * 60_000, '59 min'],
    [90 * 60_000, '1 h 30 min'],
    [49 * 3_600_000, '2 d 1 h'],
  ])('%i ms are %s', (ms, words) => {
    expect(spanOf(ms)).toBe(words);
  });
  test('a line stays one, whatever it is made of', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 300 }), (text, max) => {
        const line = oneLine(text, max);
        expect(line.length).toBeLessThanOrEqual(max);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202e]/u);
        expect(line.isWellFormed()).toBe(true);
      }),
    );
  });
});

test('no form in which a secret travels is told again', () => {
  const secrets = [
    'https://hooks.slack.com/services/T00/B00/Xy9-canary-token?key=canary-query-value',
    'Bearer canary-bearer-token',
    'pa/ss wörd',
  ];
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret),
    secret.replaceAll('/', '\\/'),
    Buffer.from(secret).toString('base64'),
  ]);
  const told = withoutSecrets(`the receiver echoes ${forms.join(' ')} /services/T00/B00/Xy9-canary-token`, secrets);
  expect(told).not.toMatch(/canary|pa\/ss|Y2FuYXJ5/);
  expect(told).toMatch(/^the receiver echoes /);
});
