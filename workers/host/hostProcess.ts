import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { hostCommandSchema, type HostCommand, type HostReply } from '#core/contract/shellApi.ts';
import { createLabHost, type LabHost } from './labHost.ts';
import { openLabHome } from '../files/labHome.ts';

/** The part of Electron's `MessagePortMain` that is used here; this room imports no Electron. */
interface HostPort {
  on(event: 'message', listener: (event: { data: unknown; ports: HostPort[] }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start?(): void;
  close?(): void;
}

/** Entry of the lab host in Electron's utility process: screens connect through ports, and main requests grants. */
function serveParent(parent: HostPort): void {
  const sampleFolder = folderNamedBy('NORMLAB_SAMPLES');
  const shippedModels = folderNamedBy('NORMLAB_MODELS');
  const roots = sampleFolder === null ? [homedir()] : [homedir(), sampleFolder];
  const host = createLabHost({ home: openLabHome(), roots, sampleFolder, shippedModels });
  parent.on('message', ({ data, ports }) => {
    const command = hostCommandSchema.safeParse(data);
    if (!command.success) return; // main is our own; anything else is not for us
    if (command.data.type === 'connect') ports.forEach((port) => serveScreen(host, port));
    else void obey(host, command.data, (reply) => parent.postMessage(reply));
  });
}

/** The folder that the shell passes in an environment variable; null where there is none. */
function folderNamedBy(variable: string): string | null {
  const folder = process.env[variable];
  return folder !== undefined && folder !== '' && existsSync(folder) ? folder : null;
}

/** Connects one screen: receives requests, sends answers and events. */
function serveScreen(host: LabHost, port: HostPort): void {
  const connection = host.connect((event) => port.postMessage(event));
  if (connection === null) return port.close?.();
  port.on('close', () => connection.close());
  port.on('message', ({ data }) => {
    void connection.handle(data).then((answer) => {
      if (answer !== null) port.postMessage(answer);
    });
  });
  port.start?.();
}

async function obey(
  host: LabHost,
  command: Exclude<HostCommand, { type: 'connect' }>,
  reply: (reply: HostReply) => void,
): Promise<void> {
  if (command.type === 'grant')
    reply({ type: 'granted', id: command.id, grant: host.grantPath(command.path, command.kind) });
  else if (command.type === 'running') reply({ type: 'running', id: command.id, runs: host.runningRuns() });
  else {
    await host.close();
    process.exit(0);
  }
}

function isHostPort(value: unknown): value is HostPort {
  return typeof value === 'object' && value !== null && 'on' in value && 'postMessage' in value;
}

/** Electron gives a utility process a port to its parent; Node's own processes have none. */
const parentPort: unknown = Reflect.get(process, 'parentPort');
if (isHostPort(parentPort)) serveParent(parentPort);
