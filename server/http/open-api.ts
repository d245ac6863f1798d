/** The OpenAPI document, made from the routes and the zod schemas they check with. */
import { z } from 'zod';
import { problem } from './contract.ts';
import type { Route } from './route.ts';

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json;
};

export function describeApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method] = describeRoute(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tideline',
      version,
      description:
        'Live operations intelligence for multi-channel ecommerce. Times are epoch milliseconds (UTC), money is in minor units.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A machine key, `tl_…`, of scope ingest or read.' },
        session: { type: 'apiKey', in: 'cookie', name: 'tideline' },
      },
    },
  };
}

function describeRoute(route: Route): object {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const query = route.query === undefined ? undefined : (schemaOf(route.query, 'input') as QuerySchema);
  const parameters = [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(query?.properties ?? {}).map(([name, schema]) => ({
      name,
      in: 'query',
      required: query?.required?.includes(name) ?? false,
      schema,
    })),
  ];
  const type = route.answerType?.split(';')[0] ?? 'application/json';
  const content = route.answer === null ? {} : { content: { [type]: { schema: schemaOf(route.answer, 'output') } } };
  return {
    summary: route.summary,
    operationId: `${route.method}${route.path.replaceAll(/[^A-Za-z]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...describeBody(route),
    responses: {
      [route.status]: { description: 'Done', ...content },
      default: {
        description: 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
    security:
      route.ability === 'anyone'
        ? []
        : route.ability === 'write-events'
          ? [{ key: [] }]
          : [{ session: [] }, { key: [] }],
  };
}

type QuerySchema = { properties?: Record<string, object>; required?: string[] };

function describeBody(route: Route): object {
  if (route.rawBodyTypes !== undefined) {
    const entries = route.rawBodyTypes.map((type) => [type, { schema: {} }]);
    return { requestBody: { required: true, content: Object.fromEntries(entries) } };
  }
  if (route.body === undefined) return {};
  return {
    requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } },
  };
}
