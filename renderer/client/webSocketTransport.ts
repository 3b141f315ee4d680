import type { MessageTransport, OpenTransport, TransportHandlers } from './transport.ts';
import { message, type Message } from '#core/words/message.ts';

/** A transport over a WebSocket to `url`; frames are sent as JSON text. */
export function webSocketTransport(url: string): OpenTransport {
  return (handlers) => openSocket(url, handlers);
}

function openSocket(url: string, handlers: TransportHandlers): MessageTransport {
  const socket = new WebSocket(url);
  let isOver = false;
  socket.addEventListener('open', () => {
    if (!isOver) handlers.opened();
  });
  socket.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (!isOver) handlers.received(parseJson(event.data));
  });
  socket.addEventListener('close', (event) => {
    if (isOver) return;
    isOver = true;
    handlers.lost(whyClosed(event));
  });
  return {
    send: (frame) => {
      socket.send(JSON.stringify(frame));
    },
    close: () => {
      isOver = true;
      socket.close();
    },
  };
}

/** Close code of RFC 6455's registry with which a lab refuses a window when it has too many. */
const TRY_LATER = 1013;

function whyClosed({ code, reason }: CloseEvent): Message | string {
  if (code === TRY_LATER) return message('lab.tooManyWindows');
  return reason === '' ? message('lab.closedWithCode', { code }) : reason;
}

function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
