import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { LARGEST_MESSAGE_BYTES, MESSAGE_HEAD_LENGTH, weighMessage } from '#core/contract/messageLimits.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { errnoOf } from '../../files/atomicFile.ts';
import type { LabHost } from '../labHost.ts';
import { serveStatic } from './staticFiles.ts';

/** A screen that falls behind by more than this loses its connection; the trainer does not slow down. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;
/** Connections of any kind, each with a file descriptor; the lab counts the screens. */
const MOST_DESCRIPTORS = 256;
/** Time limits, in milliseconds, for a request to arrive and for an idle connection to stay open. */
const ARRIVAL_MS = { headers: 10_000, request: 15_000, idle: 5_000, check: 5_000 } as const;
/** A screen that answers no ping for this long is disconnected. */
const PING_EVERY_MS = 30_000;
/** Close codes of RFC 6455 and its registry. */
const CLOSE = { notAFrame: 1002, tooLarge: 1009, tryLater: 1013 } as const;

export interface ServedLab {
  /** Contains the token: whoever has it may use the lab. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

interface ServeOptions {
  readonly host: LabHost;
  /** Folder of the built screen. */
  readonly screen: string;
  /** 0 selects a free port. */
  readonly port: number;
  /** Fixed for tests; random by default. */
  readonly token?: string;
}

/**
 * Serves the screen and the lab's socket on loopback. Only a page of this origin that knows the random token gets a
 * socket: Host and Origin are checked against DNS rebinding and against pages of other sites. Throws `arguments` when
 * the port is in use.
 */
export async function serveLab(options: ServeOptions): Promise<ServedLab> {
  const token = options.token ?? randomBytes(24).toString('base64url');
  const timeouts = {
    headersTimeout: ARRIVAL_MS.headers,
    requestTimeout: ARRIVAL_MS.request,
    keepAliveTimeout: ARRIVAL_MS.idle,
    connectionsCheckingInterval: ARRIVAL_MS.check,
  };
  const server = createServer(timeouts, (request, response) => {
    const url = urlOf(request);
    if (!isOwnHost(request, portOf(server))) response.writeHead(421).end();
    else if (request.method !== 'GET') response.writeHead(405).end();
    else if (url === null) response.writeHead(400).end();
    else void serveStatic(options.screen, url.pathname, response);
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES });
  server.maxConnections = MOST_DESCRIPTORS;
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
function mayConnect(request: IncomingMessage, token: string, port: number): boolean {
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

/** The requested address, or null for an invalid one, such as `//`. */
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
  socket.on('error', () => socket.destroy()); // an error of a closed socket must not end the lab
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
}

/** Connects one screen to the host: receives requests, sends answers and events. */
function attach(host: LabHost, client: WebSocket): void {
  const send = (message: unknown): void => {
    if (client.bufferedAmount > MAX_BACKLOG_BYTES) client.terminate();
    else if (client.readyState === client.OPEN) client.send(JSON.stringify(message));
  };
  client.on('error', () => client.terminate());
  const connection = host.connect(send);
  if (connection === null) {
    client.close(CLOSE.tryLater, inEnglish(message('lab.tooManyWindows')));
    return;
  }
  const stopPinging = keepAlive(client);
  client.on('close', () => {
    stopPinging();
    connection.close();
  });
  client.on('message', (data: Buffer) => {
    const verdict = weighMessage(data.toString('latin1', 0, MESSAGE_HEAD_LENGTH), data.length);
    if (verdict.kind === 'too-large') {
      const { id, said } = verdict;
      if (id === null) client.close(CLOSE.tooLarge, 'This message is too large.');
      else send({ id, ok: false, error: { code: 'message-refused', message: said } });
      return;
    }
    void connection.handle(parseJson(data)).then((answer) => {
      if (answer === null) client.close(CLOSE.notAFrame, 'not a request frame');
      else send(answer);
    });
  });
}

/** Pings a screen, and disconnects one that has not answered the last ping: it uses a connection and memory. */
function keepAlive(client: WebSocket): () => void {
  let isAlive = true;
  client.on('pong', () => (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) return client.terminate();
    isAlive = false;
    client.ping();
  }, PING_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
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
      const why = message(isTaken ? 'lab.portTaken' : 'lab.portClosed', { port });
      reject(new AppError('arguments', why, { where: `port ${port}`, cause }));
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
