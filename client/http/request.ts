/** The HTTP API as the browser calls it: same origin, cookie session, problems as RFC 9457. */
import type { Problem } from '../../server/http/contract.ts';

const ANSWER_MS = 20_000;
const DOCUMENT_ANSWER_MS = 120_000;

export class RequestProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
  get status(): number {
    return this.problem.status;
  }
}

type Method = 'GET' | 'POST' | 'DELETE';

/** Throws RequestProblem; status 0 means that the server could not be reached. */
export async function request<T>(method: Method, path: string, body?: unknown): Promise<T> {
  return answerOf<T>(await send(method, path, body));
}

/** A document, or part of a file, as it is. Understanding it may take the server a while. */
export async function requestWithText<T>(path: string, body: string, contentType: string): Promise<T> {
  return answerOf<T>(await reach(path, 'POST', contentType, body, DOCUMENT_ANSWER_MS));
}

async function answerOf<T>(response: Response): Promise<T> {
  const text = await response.text();
  const content = parse(text);
  if (response.ok) return content as T;
  if (response.status === 401) window.dispatchEvent(new Event('tideline:signed-out'));
  throw new RequestProblem({
    type: 'about:blank',
    title: response.statusText || 'The request failed',
    ...(typeof content === 'object' && content !== null ? content : {}),
    status: response.status,
  });
}

function send(method: Method, path: string, body: unknown): Promise<Response> {
  const text = method === 'POST' ? JSON.stringify(body ?? {}) : undefined;
  return reach(path, method, method === 'GET' ? undefined : 'application/json', text, ANSWER_MS);
}

async function reach(
  path: string,
  method: Method,
  contentType: string | undefined,
  body: string | undefined,
  withinMs: number,
): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(contentType === undefined ? {} : { 'content-type': contentType }) },
      body,
      signal: AbortSignal.timeout(withinMs),
    });
  } catch {
    throw new RequestProblem({
      type: 'about:blank',
      title: 'The server cannot be reached',
      status: 0,
      remedy: 'The page tries again by itself. If this lasts, look at the terminal in which Tideline runs.',
    });
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Leaves out what is empty, so that an address says only what was asked. */
export function withQuery(path: string, query: Record<string, string | number | boolean | null | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '' && value !== false) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}
