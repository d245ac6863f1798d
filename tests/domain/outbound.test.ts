import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notPublic } from '../../server/outbound/address-ranges.ts';
import { isAllowed, readAllowedTargets } from '../../server/outbound/allowed-targets.ts';
import { approvedLookup, NotSendable, openGuard } from '../../server/outbound/guard.ts';

const never = new AbortController().signal;
const leadsTo = (...addresses: string[]) =>
  Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

describe('addresses', () => {
  test.each([
    '0.0.0.0',
    '10.255.255.255',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::7f00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '4000::1',
    '5f00::1',
    '100::1',
    'fe80::1%eth0',
    'localhost',
    '127.1',
    '',
  ])('%s is not public', (address) => {
    expect(notPublic(address)).not.toBeNull();
  });

  test.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '64:ff9b::1.1.1.1',
  ])('%s is public', (address) => {
    expect(notPublic(address)).toBeNull();
  });

  test('an IPv4 address is not public in any of its disguises when it is not by itself', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        if (notPublic(address) !== null) expect(notPublic(`64:ff9b::${address}`)).not.toBeNull();
        for (const disguise of [`::ffff:${address}`, `::${address}`]) expect(notPublic(disguise)).not.toBeNull();
      }),
    );
  });
});

describe('what the operator allows', () => {
  test.each([
    ['mail.internal', 'Mail.Internal.', 25, '10.0.0.1', true],
    ['mail.internal:26', 'mail.internal', 25, '10.0.0.1', false],
    ['mail.internal', 'mail.internal.evil.example', 25, '10.0.0.1', false],
    ['*.corp.example', 'chat.corp.example', 443, '10.0.0.1', true],
    ['*.corp.example', 'corp.example', 443, '10.0.0.1', false],
    ['10.0.0.0/8:443', 'any', 443, '10.9.0.1', true],
    ['10.0.0.0/8', 'any', 443, '11.0.0.1', false],
    ['[fd00::5]:25', 'any', 25, 'fd00::5', true],
    ['fd00::/8', 'any', 25, 'fd12::1', true],
    // A name, or a wide network, never means the service that hands out a cloud's credentials.
    ['mail.internal', 'mail.internal', 80, '169.254.169.254', false],
    ['0.0.0.0/0', 'any', 80, '169.254.169.254', false],
    ['169.254.169.254', 'any', 80, '169.254.169.254', true],
  ])('%s and %s:%i at %s: %s', (entry, host, port, address, allowed) => {
    expect(isAllowed(readAllowedTargets([entry]), { host, port, address })).toBe(allowed);
  });

  test.each(['', '*', 'a b', '10.0.0.0/33', '10.0.0.0/', 'x:0', 'x:99999', 'http://x', '[zz]', 'a*b', 'fd00::/200'])(
    '"%s" is refused at the start',
    (entry) => {
      expect(() => readAllowedTargets([entry])).toThrow();
    },
  );
});

describe('the guard', () => {
  const asked = { host: 'hooks.example', port: 443, inTheClear: false };

  test('approves what a name leads to now, and answers a second look-up with that', async () => {
    let looked = 0;
    const lookup = () => leadsTo(...(looked++ === 0 ? ['1.1.1.1', '2606:4700::1111'] : ['127.0.0.1']));
    const approved = await openGuard({ allowed: [], lookup }).approve(asked, never);
    const answers: unknown[] = [];
    approvedLookup(approved)('hooks.example', { all: true }, (_, found) => answers.push(found));
    approvedLookup(approved)('hooks.example', {}, (_, found) => answers.push(found));
    expect(answers).toEqual([
      [
        { address: '1.1.1.1', family: 4 },
        { address: '2606:4700::1111', family: 6 },
      ],
      '1.1.1.1',
    ]);
    expect(looked).toBe(1);
  });

  test('refuses a name when one of its addresses is not public, and may find it put right later', async () => {
    const guard = openGuard({ allowed: [], lookup: () => leadsTo('1.1.1.1', '10.0.0.7') });
    const refusal = await guard.approve(asked, never).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(NotSendable);
    expect(refusal).toMatchObject({ final: false, message: expect.stringContaining('10.0.0.7') });
  });

  test('refuses an address for good, in every way to write it', async () => {
    const guard = openGuard({ allowed: [], lookup: () => Promise.reject(new Error('nothing is looked up')) });
    for (const url of ['https://127.1/', 'https://0x7f000001/', 'https://[::ffff:127.0.0.1]/', 'https://2130706433/']) {
      const host = new URL(url).hostname;
      await expect(guard.approve({ ...asked, host }, never)).rejects.toMatchObject({ final: true });
    }
  });

  test('sends in the clear only to what the operator allowed', async () => {
    const inTheClear = { ...asked, inTheClear: true };
    const lookup = () => leadsTo('1.1.1.1');
    await expect(openGuard({ allowed: [], lookup }).approve(inTheClear, never)).rejects.toMatchObject({ final: true });
    const allowed = readAllowedTargets(['hooks.example']);
    expect((await openGuard({ allowed, lookup }).approve(inTheClear, never)).addresses).toHaveLength(1);
  });

  test('waits for no name server longer than it is told to', async () => {
    const lookup = () => new Promise<never>(() => undefined);
    const stop = new AbortController();
    const approving = openGuard({ allowed: [], lookup }).approve(asked, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(approving).rejects.toThrow('stopped');
  });
});
