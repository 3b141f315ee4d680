import type { MessageTransport, OpenTransport, TransportHandlers } from './transport.ts';

/** A transport over a WebSocket to `url`; frames travel as JSON text. */
export function webSocketTransport(url: string): OpenTransport {
  return (handlers) => openSocket(url, handlers);
}

function openSocket(url: string, handlers: TransportHandlers): MessageTransport {
  const socket = new WebSocket(url);
  let isOver = false;
  socket.addEventListener('open', () => {
    if (!isOver) handlers.opened();
  });
  socket.addEventListener('message', (message: MessageEvent<unknown>) => {
    if (!isOver) handlers.received(parseJson(message.data));
  });
  socket.addEventListener('close', (event) => {
    if (isOver) return;
    isOver = true;
    handlers.lost(event.reason === '' ? `closed with code ${event.code}` : event.reason);
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

function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
