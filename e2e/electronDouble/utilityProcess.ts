import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PortDouble } from './ports.ts';

const CHILD = fileURLToPath(new URL('utilityChild.mjs', import.meta.url));

interface Frame {
  /** Null for the parent port itself. */
  readonly port: number | null;
  readonly data: unknown;
}

/** A double of a utility process: a Node process whose ports are carried over its IPC channel. */
class UtilityDouble extends EventEmitter {
  private readonly child: ChildProcess;
  private readonly ports = new Map<number, PortDouble>();
  private nextPort = 1;

  constructor(entry: string, env: NodeJS.ProcessEnv) {
    super();
    this.child = fork(CHILD, [entry], { env, serialization: 'advanced', stdio: 'inherit' });
    this.child.on('message', (frame: Frame) => {
      if (frame.port === null) this.emit('message', frame.data);
      else this.ports.get(frame.port)?.postMessage(frame.data);
    });
    this.child.once('exit', (code) => this.emit('exit', code));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  postMessage(data: unknown, transfer: PortDouble[] = []): void {
    const ids = transfer.map((port) => this.carry(port));
    if (this.child.connected) this.child.send({ data, ports: ids });
  }

  /** Suspends it, as if it were stuck in endless work. */
  block(): void {
    this.child.kill('SIGSTOP');
  }

  kill(): boolean {
    return this.child.kill('SIGKILL');
  }

  private carry(port: PortDouble): number {
    const id = this.nextPort++;
    this.ports.set(id, port);
    port.on('message', ({ data }: { data: unknown }) => {
      if (this.child.connected) this.child.send({ port: id, data });
    });
    return id;
  }
}

export const utilityProcess = {
  fork: (entry: string, _args: string[], options: { env?: NodeJS.ProcessEnv }): UtilityDouble => {
    const started = new UtilityDouble(entry, options.env ?? process.env);
    startedProcesses.push(started);
    return started;
  },
};

/** Every utility process started so far, for tests that crash one. */
export const startedProcesses: UtilityDouble[] = [];
