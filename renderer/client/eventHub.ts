import type { LabEvent } from '#core/contract/labApi.ts';

export type LabEventName = LabEvent['event'];
export type LabEventOf<N extends LabEventName> = Extract<LabEvent, { event: N }>;

/**
 * Maximum number of events of one kind kept without a listener; the oldest are dropped first. Readers of metrics fill
 * gaps by `run.metrics`.
 */
const QUEUE_LIMIT = 5000;

/** Delivers events to the handlers of their kind and keeps them until the first handler of that kind exists. */
export class EventHub {
  readonly #handlers = new Map<LabEventName, Set<(event: LabEvent) => void>>();
  readonly #waiting = new Map<LabEventName, LabEvent[]>();

  emit(event: LabEvent): void {
    const handlers = this.#handlers.get(event.event);
    if (handlers !== undefined && handlers.size > 0) {
      for (const handle of [...handlers]) handle(event);
      return;
    }
    const waiting = this.#waiting.get(event.event) ?? [];
    waiting.push(event);
    if (waiting.length > QUEUE_LIMIT) waiting.shift();
    this.#waiting.set(event.event, waiting);
  }

  /** Adds a handler, first calling it with the kept events; returns a function that removes it. */
  on<N extends LabEventName>(name: N, handler: (event: LabEventOf<N>) => void): () => void {
    const handle = (event: LabEvent): void => {
      if (isNamed(event, name)) handler(event);
    };
    const handlers = this.#handlers.get(name) ?? new Set();
    handlers.add(handle);
    this.#handlers.set(name, handlers);
    const waiting = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    for (const event of waiting) handle(event);
    return () => handlers.delete(handle);
  }
}

function isNamed<N extends LabEventName>(event: LabEvent, name: N): event is LabEventOf<N> {
  return event.event === name;
}
