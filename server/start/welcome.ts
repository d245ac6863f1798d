/** What the operator reads when everything runs: where to go, how to sign in, what to do next. */
import type { Access } from '../access/index.ts';
import type { Config } from '../config.ts';

export async function welcome(config: Config, access: Access, simulated: boolean): Promise<string> {
  const shown = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(config.host) ? 'localhost' : config.host;
  const address = `http://${shown}:${config.port}`;
  const token = await access.createSetUpToken();
  const signIn =
    token === null
      ? `  Sign in with your account.`
      : `  First sign-in: ${address}/set-up?token=${token}\n  The link works once and makes you the administrator.`;
  const next = simulated
    ? [
        '  You are looking at Harbor & Pine, a simulated company: eight days of its business arrive first, then it goes on live.',
        '  Your own: npm start -- --no-demo --data-dir <folder>, then npm run tideline -- keys create <source>',
      ]
    : [
        '  Connect a source:  npm run tideline -- keys create <source>',
        '  Pour in a history: npm run tideline -- replay <file.csv> --mapping online-retail',
      ];
  return [
    '',
    `Tideline runs at ${address}`,
    '',
    signIn,
    '',
    ...next,
    `  Wall dashboard:    ${address}/wall`,
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}
