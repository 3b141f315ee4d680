import { EventEmitter } from 'node:events';

/** One end of a double of Electron's `MessageChannelMain`: messages posted at one end arrive at the other. */
export class PortDouble extends EventEmitter {
  other: PortDouble | null = null;

  postMessage(data: unknown): void {
    const target = this.other;
    // Structured clone, as in a real port: what cannot be cloned fails here too.
    const copy: unknown = structuredClone(data);
    queueMicrotask(() => target?.emit('message', { data: copy, ports: [] }));
  }

  start(): void {
    // Electron queues until `start`; this double delivers at once, to listeners that are attached in the same turn.
  }

  close(): void {
    this.other?.emit('close');
    this.other = null;
  }
}

export class MessageChannelDouble {
  readonly port1 = new PortDouble();
  readonly port2 = new PortDouble();

  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}
