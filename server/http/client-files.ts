/** The built client: files by name for a year, and index.html for every page of it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import express, { type RequestHandler } from 'express';
import { Refusal } from './problems.ts';

/** @param folder the build's output; may be missing while it is being built */
export function serveClient(folder: string): RequestHandler[] {
  const files = express.static(folder, {
    index: false,
    redirect: false,
    setHeaders: (response, path) => {
      // The build puts a hash into the names below `assets`, so a name never changes its content.
      const forGood = /[\\/]assets[\\/]/.test(path);
      response.setHeader('Cache-Control', forGood ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return [
    compressedOf(folder),
    files,
    async (request, response, next) => {
      const wantsPage = request.method === 'GET' || request.method === 'HEAD';
      if (!wantsPage || /^\/(v1|metrics|assets|socket\.io)(\/|$)/.test(request.path) || !request.accepts('html'))
        return next();
      const page = await readFile(join(folder, 'index.html')).catch(() => undefined);
      if (page === undefined) {
        throw new Refusal(
          503,
          { title: 'No client yet', detail: 'The client has not been built.', remedy: 'Run `npm run build`.' },
          5,
        );
      }
      response.setHeader('Cache-Control', 'no-cache');
      response.type('html').send(page);
    },
  ];
}

/** The build compresses its files better than there is time for on their way. */
function compressedOf(folder: string): RequestHandler {
  return (request, response, next) => {
    const [name] = /^\/assets\/[\w.-]+\.(?:js|css|svg)$/.exec(request.path) ?? [];
    if (name !== undefined && request.acceptsEncodings('br') && existsSync(join(folder, `${name}.br`))) {
      response.setHeader('Content-Encoding', 'br');
      response.setHeader('Vary', 'Accept-Encoding');
      response.type(extname(name));
      request.url = `${name}.br`;
    }
    next();
  };
}
