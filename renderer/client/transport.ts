import type { RequestFrame } from '#core/contract/labApi.ts';
import type { Message } from '#core/words/message.ts';

/** Callbacks of a transport to its owner. After `lost` there are no more calls. */
export interface TransportHandlers {
  opened(): void;
  /** One frame as plain data; `undefined` for bytes that were no message. */
  received(frame: unknown): void;
  lost(reason: string | Message): void;
  /** The host ended too often and restarts only on request; this connection delivers nothing more. */
  stopped(): void;
}

/** One connection to the lab host. A lost connection is discarded and a new one opened. */
export interface MessageTransport {
  /** Call only between `opened` and `lost`. */
  send(frame: RequestFrame): void;
  /** Closes the connection without calling `lost`. */
  close(): void;
}

export type OpenTransport = (handlers: TransportHandlers) => MessageTransport;
