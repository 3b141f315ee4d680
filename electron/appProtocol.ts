import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Protocol } from 'electron';
import { SCREEN_HEADERS, screenFileOf } from '#core/contract/screenFiles.ts';
import { SCREEN_ORIGIN } from './senderCheck.ts';

const SCHEME = new URL(SCREEN_ORIGIN).protocol.replace(':', '');

/** Must run before the app is ready: makes the scheme behave like https for the page (origin, CSP, storage). */
export function declareScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built screen from `folder` under our own scheme; no page is ever loaded from a file or the network. */
export function serveScreen(protocol: Protocol, folder: string): void {
  protocol.handle(SCHEME, async (request) => {
    const url = new URL(request.url);
    const file = url.host === new URL(SCREEN_ORIGIN).host ? screenFileOf(url.pathname) : null;
    const body = file === null ? null : await readFile(join(folder, file.path)).catch(() => null);
    if (file === null || body === null) return new Response('not found', { status: 404 });
    return new Response(new Uint8Array(body), {
      headers: { ...SCREEN_HEADERS, 'Content-Type': file.contentType },
    });
  });
}
