import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  LAB_API,
  labEventSchema,
  type LabEvent,
  type LabMethod,
  type LabParams,
  type LabResult,
} from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { ROOT } from '../setup/shell.ts';

const TIMEOUT_MS = 180_000;

interface Answer {
  readonly id?: number;
  readonly ok?: boolean;
  readonly result?: unknown;
  readonly error?: { readonly message: Message };
}

/** The packed lab host under Node, with the same messages as from its window. Stopped and deleted on dispose. */
export class PackedHost implements Disposable {
  private readonly child: ChildProcess;
  private readonly home: string;
  private readonly waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  private readonly listeners = new Set<(event: LabEvent) => void>();
  private nextId = 1;

  constructor(entry: string, { samples, models }: { readonly samples: string; readonly models: string }) {
    this.home = mkdtempSync(join(tmpdir(), 'normlab-packed-'));
    // LD_LIBRARY_PATH is empty: the addon has to find its own libraries.
    const env = {
      PATH: process.env.PATH,
      HOME: this.home,
      NORMLAB_HOME: this.home,
      NORMLAB_SAMPLES: samples,
      NORMLAB_MODELS: models,
      LD_LIBRARY_PATH: '',
      NORMLAB_PACKED_ENTRY: entry,
    };
    const script = join(ROOT, 'build/package/parentPortDouble.mjs');
    this.child = spawn(process.execPath, [script], {
      cwd: this.home,
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child.on('message', (message: Answer) => this.receive(message));
    this.child.once('exit', (code) =>
      this.fail(new AppError('host-died', message('setup.hostEnded', { status: code ?? 'none' }))),
    );
  }

  /**
   * One call of the contract; throws `host-died` for an error response, a dead host or no response within three
   * minutes.
   */
  async call<M extends LabMethod>(method: M, params: LabParams<M>): Promise<LabResult<M>> {
    const id = this.nextId++;
    const answered = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.child.send({ id, method, params });
    return LAB_API[method].result.parse(await withTimeout(answered, method)) as LabResult<M>;
  }

  /** Waits for the first event for which `pick` returns a value. */
  until<T>(what: string, pick: (event: LabEvent) => T | null): Promise<T> {
    const found = new Promise<T>((resolve) => {
      const listener = (event: LabEvent): void => {
        const picked = pick(event);
        if (picked === null) return;
        this.listeners.delete(listener);
        resolve(picked);
      };
      this.listeners.add(listener);
    });
    return withTimeout(found, what);
  }

  [Symbol.dispose](): void {
    this.child.kill('SIGKILL');
    rmSync(this.home, { recursive: true, force: true, maxRetries: 3 });
  }

  private receive(answer: Answer): void {
    const event = labEventSchema.safeParse(answer);
    if (event.success) {
      for (const listener of [...this.listeners]) listener(event.data);
      return;
    }
    const waiting = this.waiting.get(answer.id ?? -1);
    this.waiting.delete(answer.id ?? -1);
    if (answer.ok === true) waiting?.resolve(answer.result);
    else
      waiting?.reject(
        new AppError(
          'host-died',
          message('setup.hostAnswered', { answer: answer.error?.message ?? 'nothing' }),
        ),
      );
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

function withTimeout<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AppError('host-died', message('setup.hostSlow', { what }))),
      TIMEOUT_MS,
    );
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
