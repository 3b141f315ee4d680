import { PORT_MESSAGE, STOPPED_MESSAGE } from '#core/contract/shellPort.ts';
import { message, type Message } from '#core/words/message.ts';
import type { MessageTransport, OpenTransport, TransportHandlers } from './transport.ts';

/**
 * A transport over the MessagePort that the preload posts to `page`. A port that arrives while another is in use means
 * that the host was restarted: the old port is dropped and the new one kept for the next connection. `ask` requests a
 * port from the preload.
 */
export function messagePortTransport(page: Window, ask: () => void): OpenTransport {
  let spare: MessagePort | null = null;
  let connection: PortConnection | null = null;

  page.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (typeOf(event, page) === STOPPED_MESSAGE) {
      // A kept port may be dead; the next connection then asks for a new one.
      spare?.close();
      spare = null;
      connection?.stop();
      return;
    }
    const port = portOf(event, page);
    if (port === null) return;
    if (connection?.isWaiting === true) {
      connection.use(port);
      return;
    }
    spare?.close();
    spare = port;
    connection?.lose(message('lab.hostRestarted'));
  });

  return (handlers) => {
    connection = new PortConnection(handlers);
    if (spare === null) ask();
    else connection.use(spare);
    spare = null;
    return connection;
  };
}

class PortConnection implements MessageTransport {
  readonly #handlers: TransportHandlers;
  #port: MessagePort | null = null;
  #isOver = false;

  constructor(handlers: TransportHandlers) {
    this.#handlers = handlers;
  }

  get isWaiting(): boolean {
    return this.#port === null && !this.#isOver;
  }

  use(port: MessagePort): void {
    this.#port = port;
    port.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (!this.#isOver) this.#handlers.received(event.data);
    });
    port.addEventListener('close', () => {
      this.lose(message('lab.portClosedByHost'));
    });
    port.start();
    this.#handlers.opened();
  }

  lose(reason: Message): void {
    if (this.#isOver) return;
    this.close();
    this.#handlers.lost(reason);
  }

  stop(): void {
    if (this.#isOver) return;
    this.close();
    this.#handlers.stopped();
  }

  readonly send: MessageTransport['send'] = (frame) => this.#port?.postMessage(frame);

  readonly close = (): void => {
    this.#isOver = true;
    this.#port?.close();
  };
}

function portOf(message: MessageEvent<unknown>, page: Window): MessagePort | null {
  return typeOf(message, page) === PORT_MESSAGE ? (message.ports[0] ?? null) : null;
}

/** The type of a message from the page's own preload. */
function typeOf(message: MessageEvent<unknown>, page: Window): unknown {
  if (message.source !== page || typeof message.data !== 'object' || message.data === null) return null;
  return 'type' in message.data ? message.data.type : null;
}
