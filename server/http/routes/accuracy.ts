/** How far records can be trusted, what to count first, what systems state, and snapshots that wait for a person. */
import {
  accuracyAnswer,
  countListPage,
  countListQuery,
  countRequests,
  countRequestsAnswer,
  driftAnswer,
  driftRecordsPage,
  driftRecordsQuery,
  recordsPage,
  recordsQuery,
  snapshotsPage,
  snapshotsQuery,
  snapshotView,
} from '../contract/accuracy.ts';
import { notFound } from '../problems.ts';
import { route } from '../route.ts';

export const accuracyRoutes = [
  route({
    method: 'get',
    path: '/v1/accuracy',
    summary: 'How right the records are: by what counts found, and by the confidence in those nobody counted.',
    ability: 'see-operations',
    status: 200,
    answer: accuracyAnswer,
    handle: (deps) => deps.readModel.accuracy(),
  }),
  route({
    method: 'get',
    path: '/v1/accuracy/records',
    summary: 'The confidence of each record, with what lowers it.',
    ability: 'see-operations',
    query: recordsQuery,
    status: 200,
    answer: recordsPage,
    handle: (deps, { query }) => deps.readModel.accuracyRecords(query),
  }),
  route({
    method: 'get',
    path: '/v1/count-list',
    summary: 'What to count first: records by the value of the differences a count is expected to find.',
    ability: 'see-operations',
    query: countListQuery,
    status: 200,
    answer: countListPage,
    handle: (deps, { query }) => deps.readModel.countList(query),
  }),
  route({
    method: 'post',
    path: '/v1/count-list/requests',
    summary: 'Ask the nodes to count these records. Those that are to be counted already are left alone.',
    ability: 'act-on-operations',
    body: countRequests,
    status: 202,
    answer: countRequestsAnswer,
    handle: async (deps, { body, principal }) => {
      const answer = await deps.readModel.requestCounts(body, principal!.name);
      await deps.access.audit.record(principal!.name, 'counts.requested', { records: answer.requested });
      return answer;
    },
  }),
  route({
    method: 'get',
    path: '/v1/drift',
    summary: 'How far each source is from our figures, in units of either sign and in minutes.',
    ability: 'see-operations',
    status: 200,
    answer: driftAnswer,
    handle: (deps) => deps.readModel.drift(),
  }),
  route({
    method: 'get',
    path: '/v1/drift/records',
    summary: 'The statements that disagree with our records beyond the tolerance.',
    ability: 'see-operations',
    query: driftRecordsQuery,
    status: 200,
    answer: driftRecordsPage,
    handle: (deps, { query }) => deps.readModel.driftRecords(query),
  }),
  route({
    method: 'get',
    path: '/v1/snapshots',
    summary: 'Snapshots that wait, for their parts or for a person.',
    ability: 'see-operations',
    query: snapshotsQuery,
    status: 200,
    answer: snapshotsPage,
    handle: (deps, { query }) => deps.readModel.snapshots(query),
  }),
  route({
    method: 'get',
    path: '/v1/snapshots/:snapshot',
    summary: 'A snapshot that waits, with what speaks against it and the records it would change most.',
    ability: 'see-operations',
    status: 200,
    answer: snapshotView,
    handle: async (deps, { params: { snapshot = '' } }) =>
      (await deps.readModel.snapshot(snapshot)) ?? Promise.reject(notFound(`A waiting snapshot "${snapshot}"`)),
  }),
];
