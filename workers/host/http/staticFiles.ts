import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { SCREEN_HEADERS, screenFileOf } from '#core/contract/screenFiles.ts';

/** Answers a GET with a file of the built screen below `folder`; everything else gets 404. */
export async function serveStatic(folder: string, urlPath: string, response: ServerResponse): Promise<void> {
  const file = screenFileOf(urlPath);
  const body = file === null ? null : await readFile(join(folder, file.path)).catch(() => null);
  if (file === null || body === null) {
    response.writeHead(404, { ...SCREEN_HEADERS, 'Content-Type': 'text/plain' }).end('not found');
    return;
  }
  response.writeHead(200, { ...SCREEN_HEADERS, 'Content-Type': file.contentType }).end(body);
}
