import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { AppError } from '#core/diagnostics/appError.ts';
import { errnoOf } from './atomicFile.ts';
import type { LabHost } from './labHost.ts';
import { serveStatic } from './staticFiles.ts';

/** Largest request frame: a project is far smaller. */
const MAX_FRAME_BYTES = 80 * 1024 * 1024;
/** A screen that reads more slowly than this much behind loses its connection, not the trainer its pace. */
const MAX_BACKLOG_BYTES = 64 * 1024 * 1024;

export interface ServedLab {
  /** With the token: whoever has it may use the lab. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly host: LabHost;
  /** Folder of the built screen. */
  readonly screen: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Fixed for tests; random by default. */
  readonly token?: string;
}

/**
 * Serves the screen and the lab's socket on loopback. Only a page of this very origin that knows the random token gets
 * a socket: Host and Origin are checked against DNS rebinding and against pages of other sites. Throws `arguments` when the port is taken.
 */
export async function serveLab(options: ServeOptions): Promise<ServedLab> {
  const token = options.token ?? randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    const url = urlOf(request);
    if (!isOwnHost(request, portOf(server))) response.writeHead(421).end();
    else if (request.method !== 'GET') response.writeHead(405).end();
    else if (url === null) response.writeHead(400).end();
    else void serveStatic(options.screen, url.pathname, response);
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  server.on('upgrade', (request, socket, head) => {
    if (!mayConnect(request, token, portOf(server))) refuse(socket);
    else sockets.handleUpgrade(request, socket, head, (client) => attach(options.host, client));
  });
  await listen(server, options.port);
  const port = portOf(server);
  return {
    url: `http://127.0.0.1:${port}/?token=${token}`,
    port,
    close: () => closeAll(server, sockets),
  };
}

/** True for a socket request from our own page with the right token. */
export function mayConnect(request: IncomingMessage, token: string, port: number): boolean {
  const url = urlOf(request);
  const origin = request.headers.origin;
  const ownOrigins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
  return (
    url?.pathname === '/lab' &&
    isOwnHost(request, port) &&
    origin !== undefined &&
    ownOrigins.includes(origin) &&
    sameText(url.searchParams.get('token') ?? '', token)
  );
}

/** The address asked for, or null for one that is none, such as `//`. */
function urlOf(request: IncomingMessage): URL | null {
  return URL.parse(request.url ?? '/', 'http://localhost');
}

function isOwnHost(request: IncomingMessage, port: number): boolean {
  return [`127.0.0.1:${port}`, `localhost:${port}`].includes(request.headers.host ?? '');
}

function sameText(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(socket: Duplex): void {
  socket.on('error', () => socket.destroy()); // one that is gone already must not bring the lab down
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
}

/** Connects one screen to the host: requests in, answers and events out. */
function attach(host: LabHost, client: WebSocket): void {
  const send = (message: unknown): void => {
    if (client.bufferedAmount > MAX_BACKLOG_BYTES) client.terminate();
    else if (client.readyState === client.OPEN) client.send(JSON.stringify(message));
  };
  const unsubscribe = host.onEvent(send);
  client.on('close', unsubscribe);
  client.on('error', () => client.terminate());
  client.on('message', (data: Buffer) => {
    void host.handle(parseJson(data)).then((answer) => {
      if (answer === null) client.close(1002, 'not a request frame');
      else send(answer);
    });
  });
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return null;
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const isTaken = errnoOf(cause) === 'EADDRINUSE';
      const sentence = isTaken
        ? `Port ${port} is in use: choose another with --port, or 0 for any.`
        : `Port ${port} cannot be opened.`;
      reject(new AppError('arguments', sentence, { where: `port ${port}`, cause }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function portOf(server: Server): number {
  const address = server.address() as AddressInfo | null;
  return address?.port ?? 0;
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.terminate();
  sockets.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
