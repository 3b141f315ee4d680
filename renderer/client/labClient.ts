import { LAB_API, type LabMethod, type LabParams, type LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { EventHub, type LabEventName, type LabEventOf } from './eventHub.ts';
import { parseFrame } from './parseFrame.ts';
import { rebuildError } from './rebuildError.ts';
import type { MessageTransport, OpenTransport } from './transport.ts';

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** `attempt` counts from 1; the next attempt starts after `delayMs`. */
  | {
      readonly kind: 'reconnecting';
      readonly attempt: number;
      readonly delayMs: number;
      readonly reason: string | Message;
    }
  /** The host ended too often: only `retry` starts it again. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'closed' };

interface PendingCall {
  readonly method: LabMethod;
  readonly params: unknown;
  settle(result: unknown): void;
  fail(error: AppError): void;
  refuse(reason: string): void;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 8000;

/** Delay before attempt number `attempt` (from 1) to reconnect, in milliseconds: 250, 500, 1000 … 8000. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
}

/**
 * Implements `LabApi` over any transport. Calls made before the connection is open wait for it. Calls in progress when
 * it is lost fail with `host-died`, since it is unknown whether they were done.
 */
export class LabClient {
  readonly #open: OpenTransport;
  readonly #events = new EventHub();
  readonly #watchers = new Set<(state: ConnectionState) => void>();
  readonly #sent = new Map<number, PendingCall>();
  #waiting: PendingCall[] = [];
  #transport: MessageTransport | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #state: ConnectionState = { kind: 'connecting' };
  #nextId = 1;
  #attempts = 0;
  /** Frames that did not match the contract, for error reports. */
  refusedFrames = 0;

  constructor(open: OpenTransport) {
    this.#open = open;
    this.#connect();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Calls `watcher` at every change of the connection; returns a function that unsubscribes it. */
  watch(watcher: (state: ConnectionState) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  on<N extends LabEventName>(name: N, handler: (event: LabEventOf<N>) => void): () => void {
    return this.#events.on(name, handler);
  }

  /** The host's answer, parsed. Rejects with the host's `AppError`, `host-died`, or `message-refused`. */
  call<M extends LabMethod>(method: M, params: LabParams<M>): Promise<LabResult<M>> {
    return new Promise((resolve, reject) => {
      const call: PendingCall = {
        method,
        params,
        settle: (result) => {
          const parsed = LAB_API[method].result.safeParse(result);
          if (parsed.success) resolve(parsed.data as LabResult<M>);
          else call.refuse(parsed.error.message);
        },
        fail: reject,
        refuse: (reason) => {
          reject(refusedAnswer(method, reason));
        },
      };
      if (this.#state.kind === 'closed') call.fail(closedError());
      else if (this.#state.kind === 'stopped') call.fail(stoppedError());
      else if (this.#state.kind === 'open') this.#send(call);
      else this.#waiting.push(call);
    });
  }

  /** Connects again after the host was given up; does nothing in any other state. */
  retry(): void {
    if (this.#state.kind !== 'stopped') return;
    this.#become({ kind: 'connecting' });
    this.#connect();
  }

  /** Closes the connection for good; waiting calls fail. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#transport?.close();
    this.#become({ kind: 'closed' });
    this.#failAll([...this.#sent.values(), ...this.#waiting], closedError());
    this.#sent.clear();
    this.#waiting = [];
  }

  #connect(): void {
    // A transport may report before `open` has returned it, so frames are sent only after both.
    let isOpened = false;
    const transport = this.#open({
      opened: () => {
        isOpened = true;
        if (this.#transport !== null) this.#onOpened();
      },
      received: (frame) => {
        this.#receive(frame);
      },
      lost: (reason) => {
        this.#onLost(reason);
      },
      stopped: () => {
        this.#onStopped();
      },
    });
    this.#transport = transport;
    if (isOpened) this.#onOpened();
  }

  #onOpened(): void {
    this.#attempts = 0;
    this.#become({ kind: 'open' });
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) this.#send(call);
  }

  #onLost(reason: string | Message): void {
    if (this.#state.kind === 'closed') return;
    this.#transport = null;
    this.#attempts += 1;
    const delayMs = reconnectDelayMs(this.#attempts);
    this.#become({ kind: 'reconnecting', attempt: this.#attempts, delayMs, reason });
    const lost = [...this.#sent.values()];
    this.#sent.clear();
    this.#failAll(lost, lostError(reason));
    this.#timer = setTimeout(() => {
      this.#connect();
    }, delayMs);
  }

  #onStopped(): void {
    if (this.#state.kind === 'closed') return;
    this.#transport = null;
    this.#attempts = 0;
    this.#become({ kind: 'stopped' });
    const lost = [...this.#sent.values()];
    this.#sent.clear();
    this.#failAll(lost, stoppedError());
  }

  #send(call: PendingCall): void {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#sent.set(id, call);
    this.#transport?.send({ id, method: call.method, params: call.params });
  }

  #receive(frame: unknown): void {
    const incoming = parseFrame(frame);
    if (incoming.kind === 'refused') {
      this.refusedFrames += 1;
      this.#take(incoming.id)?.refuse(incoming.reason);
      return;
    }
    if (incoming.kind === 'event') {
      this.#events.emit(incoming.event);
      return;
    }
    const { response } = incoming;
    // An answer to no call, or to one of an earlier connection, is ignored.
    const call = this.#take(response.id);
    if (response.ok) call?.settle(response.result);
    else call?.fail(rebuildError(response.error));
  }

  #take(id: number | null): PendingCall | undefined {
    if (id === null) return undefined;
    const call = this.#sent.get(id);
    this.#sent.delete(id);
    return call;
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    for (const watcher of [...this.#watchers]) watcher(state);
  }

  #failAll(calls: readonly PendingCall[], error: AppError): void {
    for (const call of calls) call.fail(error);
  }
}

function refusedAnswer(method: LabMethod, reason: string): AppError {
  return new AppError('message-refused', message('lab.strangeAnswer', { method }), {
    where: method,
    cause: reason,
  });
}

function lostError(reason: string | Message): AppError {
  return new AppError('host-died', message('lab.connectionLost'), { cause: reason });
}

function closedError(): AppError {
  return new AppError('host-died', message('lab.connectionClosed'));
}

function stoppedError(): AppError {
  return new AppError('host-died', message('lab.hostStopped'));
}
