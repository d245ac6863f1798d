/** Documents that are made from code are as the code is. With -u they are written anew. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addServerOptions } from '../../server/config.ts';
import { understandCloudEvent } from '../../streams/events/envelope.ts';
import { type EventType, eventCatalog } from '../../streams/events/index.ts';
import { describeEvents } from '../support/documents/describe-events.ts';
import { describeExceptions } from '../support/documents/describe-exceptions.ts';
import { describeKpis } from '../support/documents/describe-kpis.ts';
import { describeRoles } from '../support/documents/describe-roles.ts';
import { describeSql } from '../support/documents/describe-sql.ts';
import { describeViews } from '../support/documents/describe-views.ts';
import { eventExamples } from '../support/documents/event-examples.ts';

const remedy = 'it is out of date: run npm test -- --project domain tests/domain/docs.test.ts -u';

describe('documents made from code', () => {
  it('docs/events.md describes every event as the catalog defines it', async () => {
    await expect(describeEvents(), remedy).toMatchFileSnapshot('../../docs/events.md');
  });

  it('docs/exception-catalog.md describes every exception as its rule states it', async () => {
    await expect(describeExceptions(), remedy).toMatchFileSnapshot('../../docs/exception-catalog.md');
  });

  it('docs/kpis.md describes every KPI as the catalog defines it', async () => {
    await expect(describeKpis(), remedy).toMatchFileSnapshot('../../docs/kpis.md');
  });

  it('docs/roles.md says who may do what as the matrix does', async () => {
    await expect(describeRoles(), remedy).toMatchFileSnapshot('../../docs/roles.md');
  });

  it('docs/views.md describes every view and column as it is defined', async () => {
    await expect(describeViews(), remedy).toMatchFileSnapshot('../../docs/views.md');
  });

  it('docs/sql.md says what may be written as the guard has it', async () => {
    await expect(describeSql(), remedy).toMatchFileSnapshot('../../docs/sql.md');
  });

  it.each(Object.keys(eventCatalog) as EventType[])('the example of %s is accepted', (type) => {
    const envelope = { specversion: '1.0', id: '1', source: 'web-shop', time: '2026-06-01T10:00:00Z' };
    const data = eventExamples[type];
    const receivedAt = Date.parse('2026-06-01T10:00:01Z');
    expect(understandCloudEvent({ ...envelope, type, data }, receivedAt)).toHaveProperty('event');
  });
});

describe('README.md', () => {
  const rows = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').split('\n');

  it.each(addServerOptions(new Command()).options)(
    'lists $long with its environment variable and its default',
    (option) => {
      const row = rows.find((line) => line.startsWith(`| \`${option.long}\` |`)) ?? '';
      expect(row).toContain(option.envVar ?? 'TIDELINE_DEMO=off');
      const { defaultValue } = option;
      if (typeof defaultValue === 'number') expect(row).toContain(`| ${defaultValue} |`);
    },
  );
});
