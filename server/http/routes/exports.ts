/** Files of whole answers: asked for, looked at, fetched and cancelled by whoever asked for them. */
import { z } from 'zod';
import { mediaTypes } from '../../exports/file-name.ts';
import { exportList, exportManifest, exportRequest } from '../contract/exports.ts';
import { notFound, Refusal } from '../problems.ts';
import { type Call, type Route, route } from '../route.ts';

export const askerOf = ({ principal }: Pick<Call<unknown, unknown>, 'principal'>) => ({
  id: principal!.id,
  name: principal!.name,
  role: principal!.role,
});

const absent = () => notFound('This export, or its file,');

const elsewhere = new Refusal(409, {
  title: 'Not on this server',
  detail: 'The file lies with another server process that does not share this data folder.',
  remedy: 'Give all web processes the same --data-dir, or export it again.',
});

const tooMany = new Refusal(
  429,
  {
    title: 'Too many exports',
    detail: 'As many of your exports as there may be are not finished yet.',
    remedy: 'Wait for one, or cancel one.',
  },
  10,
);

export const exportRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/v1/exports',
    summary: 'Make a file of a whole answer, of SQL or of a question of the builder. It is whole or it has failed.',
    ability: 'export-data',
    body: exportRequest,
    status: 202,
    answer: exportManifest,
    handle: async ({ readModel, access }, call) => {
      const seconds = await access.limits.spend('export', call.principal!.id);
      if (seconds > 0) {
        const detail = 'You may ask for 60 exports in 10 minutes.';
        throw new Refusal(429, { title: 'Too many requests', detail, remedy: `Wait ${seconds} s.` }, seconds);
      }
      return (await readModel.exports.start(call.body, askerOf(call))) ?? Promise.reject(tooMany);
    },
  }),
  route({
    method: 'get',
    path: '/v1/exports',
    summary: 'Your exports, newest first. They are kept for 7 days.',
    ability: 'export-data',
    status: 200,
    answer: exportList,
    handle: async ({ readModel }, call) => ({ items: await readModel.exports.list(askerOf(call)) }),
  }),
  route({
    method: 'get',
    path: '/v1/exports/:id',
    summary: 'The manifest of an export: what was asked, how far it is, what is in the file.',
    ability: 'export-data',
    status: 200,
    answer: exportManifest,
    handle: async ({ readModel }, call) =>
      (await readModel.exports.find(call.params['id'] ?? '', askerOf(call))) ?? Promise.reject(absent()),
  }),
  route({
    method: 'get',
    path: '/v1/exports/:id/file',
    summary: 'The file of an export, with its SHA-256 in `Repr-Digest`.',
    ability: 'export-data',
    status: 200,
    answer: z.string(),
    answerType: 'application/octet-stream',
    handle: async ({ readModel }, call) => {
      const opened = await readModel.exports.open(call.params['id'] ?? '', askerOf(call));
      if (opened === 'absent') throw absent();
      if (opened === 'elsewhere') throw elsewhere;
      const { file, format, bytes, sha256 } = opened.manifest;
      call.response.setHeader('Content-Type', mediaTypes[format]);
      call.response.setHeader('Content-Length', bytes);
      call.response.setHeader('Content-Disposition', `attachment; filename="${file}"`);
      call.response.setHeader('Repr-Digest', `sha-256=:${Buffer.from(sha256 ?? '', 'hex').toString('base64')}:`);
      return opened.bytes;
    },
  }),
  route({
    method: 'post',
    path: '/v1/exports/:id/cancel',
    summary: 'Stop an export. What there is of its file is removed.',
    ability: 'export-data',
    status: 200,
    answer: exportManifest,
    handle: async ({ readModel }, call) =>
      (await readModel.exports.cancel(call.params['id'] ?? '', askerOf(call))) ?? Promise.reject(absent()),
  }),
];
