import type { RequestFrame } from '#core/contract/labApi.ts';
import type { Message } from '#core/words/message.ts';

/** What a transport tells its owner. After `lost` it stays silent. */
export interface TransportHandlers {
  opened(): void;
  /** One frame as plain data; `undefined` stands for bytes that were not a message at all. */
  received(frame: unknown): void;
  lost(reason: string | Message): void;
  /** The host ended too often and comes back only when it is asked to; nothing more will come of this connection. */
  stopped(): void;
}

/** One connection to the lab host. A lost one is thrown away and a new one opened. */
export interface MessageTransport {
  /** Call only between `opened` and `lost`. */
  send(frame: RequestFrame): void;
  /** Ends the connection without a `lost`. */
  close(): void;
}

export type OpenTransport = (handlers: TransportHandlers) => MessageTransport;
