/** Files handed in by a person who is signed in. Events go the same way as those of any source. */
import { readJson } from '../../../streams/ingestion/lossless-json.ts';
import { BadTable } from '../../import/map-table.ts';
import { TooManyTables } from '../../import/table-mapper.ts';
import { importEventsQuery, TABLE_BYTES_MAX, tableAnswer, tableImport } from '../contract/imports.ts';
import { accepted } from '../contract.ts';
import { invalid, Refusal, unavailable } from '../problems.ts';
import { route } from '../route.ts';
import { BODY_BYTES_MAX, lineTypes, takeEvents } from './ingestion.ts';

/** The text of a table grows when it is put into JSON. */
const TABLE_BODY_BYTES_MAX = 2 * TABLE_BYTES_MAX;
const RETRY_AFTER_SECONDS = 5;

export const importRoutes = [
  route({
    method: 'post',
    path: '/v1/imports/events',
    summary: 'Events of a file, one CloudEvent per line, of any source. Wrong lines are named; the others are kept.',
    ability: 'import-files',
    query: importEventsQuery,
    rawBodyBytesMax: BODY_BYTES_MAX,
    rawBodyTypes: lineTypes,
    status: 202,
    answer: accepted,
    handle: async (deps, call) => {
      await deps.access.audit.record(call.principal!.name, 'file.imported', { file: call.query.file });
      return takeEvents(deps, call, '*');
    },
  }),
  route({
    method: 'post',
    path: '/v1/imports/table',
    summary: 'Turns a CSV table into events by a mapping and says what becomes of every row. Sends nothing.',
    ability: 'import-files',
    rawBodyBytesMax: TABLE_BODY_BYTES_MAX,
    rawBodyTypes: ['application/json'],
    status: 200,
    answer: tableAnswer,
    answerType: 'application/json; charset=utf-8',
    handle: async (deps, { body, request }) => {
      if (!request.is('application/json')) {
        throw new Refusal(415, { title: 'Unsupported content type', remedy: 'Use application/json.' });
      }
      const read = readJson(body as Buffer);
      if ('problem' in read) throw new Refusal(400, { title: 'Malformed body', detail: `The body ${read.problem}.` });
      const asked = tableImport.safeParse(read.value);
      if (!asked.success) throw invalid('body', asked.error);
      if (Buffer.byteLength(asked.data.csv) > TABLE_BYTES_MAX) {
        const detail = `The table has more than ${TABLE_BYTES_MAX / 1024 / 1024} MB.`;
        const remedy = 'Use the command line: npm run tideline -- replay <file> --mapping <mapping>';
        throw new Refusal(413, { title: 'Table too large', detail, remedy });
      }
      try {
        return await deps.tables.map(asked.data);
      } catch (error) {
        if (error instanceof BadTable)
          throw new Refusal(400, { title: 'Not a table we can read', detail: error.message });
        if (error instanceof TooManyTables) throw unavailable(error.message, RETRY_AFTER_SECONDS);
        throw error;
      }
    },
  }),
];
