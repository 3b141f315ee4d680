import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import { hostReplySchema, type Grant, type HostCommand, type HostReply } from '#core/contract/shellApi.ts';

/** The host is no longer restarted after more than `MAX_CRASHES` crashes within `CALM_MS`. */
const MAX_CRASHES = 5;
const CALM_MS = 30_000;
/** How long a closing host may save; it waits up to 30 seconds for a trainer itself. */
const CLOSE_MS = 40_000;

type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never;

/**
 * The lab host in its own process. A crash of native code ends that process alone: it is started again, every page gets
 * a new port, and interrupted runs wait to be resumed from their last checkpoint. After too many crashes in a
 * short time it is not restarted; `restart` tries again.
 */
export class LabHostProcess {
  private readonly entry: string;
  private readonly env: Record<string, string>;
  private readonly onPort: (port: MessagePortMain) => void;
  private readonly onGivenUp: () => void;
  private process: UtilityProcess | null = null;
  private isClosing = false;
  private crashes: number[] = [];
  private nextId = 1;
  private readonly waiting = new Map<
    number,
    { resolve: (reply: HostReply) => void; reject: (error: Error) => void }
  >();

  /**
   * `entry`: the host's script. `onPort` is called with a new port after each restart, `onGivenUp` when the host is no
   * longer restarted.
   */
  constructor(
    entry: string,
    env: Record<string, string>,
    { onPort, onGivenUp }: { onPort: (port: MessagePortMain) => void; onGivenUp: () => void },
  ) {
    this.entry = entry;
    this.env = env;
    this.onPort = onPort;
    this.onGivenUp = onGivenUp;
  }

  /** True when the host ended too often and is not restarted automatically. */
  get isGivenUp(): boolean {
    return this.process === null && !this.isClosing && this.crashes.length > MAX_CRASHES;
  }

  /** Starts a host that was given up and resets its crash count; does nothing while one runs. */
  restart(): void {
    if (!this.isGivenUp) return;
    this.crashes = [];
    this.start();
    this.onPort(this.connect());
  }

  /** Terminates the host without saving. */
  kill(): void {
    this.isClosing = true;
    this.process?.kill();
  }

  start(): void {
    const child = utilityProcess.fork(this.entry, [], {
      serviceName: 'NormLab host',
      stdio: 'inherit',
      env: { ...process.env, ...this.env },
    });
    this.process = child;
    child.on('message', (message: unknown) => this.settle(message));
    child.once('exit', () => this.afterExit());
  }

  /** A port to the host for a page. */
  connect(): MessagePortMain {
    const { port1, port2 } = new MessageChannelMain();
    this.process?.postMessage({ type: 'connect' } satisfies HostCommand, [port1]);
    return port2;
  }

  /** A token for a path that the user chose in a system dialog. */
  async grant(path: string, kind?: 'folder' | 'project'): Promise<Grant> {
    const reply = await this.ask({ type: 'grant', path, ...(kind === undefined ? {} : { kind }) });
    if (reply.type !== 'granted') throw new Error('the lab host answered something else');
    return reply.grant;
  }

  /** Names of the runs that are training now. */
  async runningRuns(): Promise<readonly string[]> {
    const reply = await this.ask({ type: 'running' });
    return reply.type === 'running' ? reply.runs : [];
  }

  /** Lets the host save and end, and terminates it after a time limit; resolves when its process has ended. */
  close(): Promise<void> {
    this.isClosing = true;
    const child = this.process;
    if (child === null) return Promise.resolve();
    return new Promise((resolve) => {
      const cutOff = setTimeout(() => child.kill(), CLOSE_MS);
      child.once('exit', () => {
        clearTimeout(cutOff);
        resolve();
      });
      child.postMessage({ type: 'close' } satisfies HostCommand);
    });
  }

  private ask(command: WithoutId<Extract<HostCommand, { id: number }>>): Promise<HostReply> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      if (this.process === null) return reject(new Error('the lab host is not running'));
      this.waiting.set(id, { resolve, reject });
      this.process.postMessage({ ...command, id });
    });
  }

  private settle(message: unknown): void {
    const reply = hostReplySchema.safeParse(message);
    if (!reply.success) return;
    this.waiting.get(reply.data.id)?.resolve(reply.data);
    this.waiting.delete(reply.data.id);
  }

  private afterExit(): void {
    this.process = null;
    for (const { reject } of this.waiting.values()) reject(new Error('the lab host ended'));
    this.waiting.clear();
    const now = Date.now();
    this.crashes = [...this.crashes.filter((at) => now - at < CALM_MS), now];
    if (this.isClosing) return;
    if (this.isGivenUp) return this.onGivenUp();
    this.start();
    this.onPort(this.connect());
  }
}
