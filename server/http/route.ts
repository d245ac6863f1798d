/** A route as data: the application, the OpenAPI document and the tests of who may do what are made from these. */
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { DeadLetters } from '../../streams/ingestion/dead-letters.ts';
import type { Deliveries } from '../../streams/ingestion/deliveries.ts';
import type { Principal } from '../access/abilities.ts';
import type { Access } from '../access/index.ts';
import type { TableMapper } from '../import/table-mapper.ts';
import type { SavedThings } from '../saved/saved-things.ts';
import type { Admission } from './admission.ts';
import type { Ability } from './contract/access.ts';
import type { Health } from './contract.ts';
import type { HttpMetrics } from './metrics.ts';
import type { ReadModel } from './read-model.ts';

export type Logger = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type HandlerDeps = {
  workspace: string;
  access: Access;
  saved: SavedThings;
  tables: TableMapper;
  deliveries: Deliveries;
  deadLetters: DeadLetters;
  admission: Admission;
  readModel: ReadModel;
  health: { read(): Promise<Health>; isReady(): Promise<boolean> };
  metrics: HttpMetrics;
  logger: Logger;
  openApi(): object;
  now(): number;
};

export type Call<Query, Body> = {
  params: Record<string, string>;
  query: Query;
  body: Body;
  /** Null only on routes for anyone. */
  principal: Principal | null;
  request: Request;
  response: Response;
};

export type Method = 'get' | 'post' | 'delete';

export type Route<Query extends z.ZodType = z.ZodType, Body extends z.ZodType = z.ZodType> = {
  method: Method;
  path: `/${string}`;
  summary: string;
  /** What the caller must be able to do; `anyone` needs no credentials. */
  ability: Ability | 'anyone';
  /** Only a machine key, as the password of Basic authentication or as ClickHouse's drivers send it; never a cookie. */
  credentials?: 'key-as-password';
  query?: Query;
  body?: Body;
  /** The bytes as they came, up to this many after decompression, instead of a checked body. */
  rawBodyBytesMax?: number;
  /** False: the body is a question, and takes no room from deliveries. */
  admission?: false;
  /** Content types of a raw body, for the document. */
  rawBodyTypes?: readonly string[];
  /** 302: the handler sets where to go. */
  status: 200 | 201 | 202 | 204 | 302;
  answer: z.ZodType | null;
  /** Other than JSON. */
  answerType?: string;
  handle(deps: HandlerDeps, call: Call<z.output<Query>, z.output<Body>>): Promise<unknown>;
};

/** Checks an entry's types against each other, then forgets them so that entries fit into one list. */
export function route<Query extends z.ZodType, Body extends z.ZodType>(entry: Route<Query, Body>): Route {
  return entry as unknown as Route;
}
