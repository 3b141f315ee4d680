import { WebSocket } from 'ws';
import { responseFrameSchema, type LabEvent, type ResponseFrame } from '#core/contract/labApi.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import type { ServedLab } from '../http/serveHttp.ts';

/** For tests: a page's connection to a served lab, over the real WebSocket. */
export class LabSocket {
  readonly socket: WebSocket;
  readonly events: LabEvent[] = [];
  /** Close code and reason, once the connection has ended. */
  readonly ended: Promise<string>;
  private readonly waiting = new Map<number, (answer: ResponseFrame) => void>();
  private nextId = 1;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) =>
      socket.once('close', (code, reason) => resolve(`${code} ${reason.toString()}`)),
    );
    socket.on('message', (data: Buffer) => this.receive(JSON.parse(data.toString('utf8'))));
  }

  /** Rejects with the status or close code with which the lab refuses the connection. */
  static open(lab: ServedLab): Promise<LabSocket> {
    const token = new URL(lab.url).searchParams.get('token') ?? '';
    const socket = new WebSocket(`ws://127.0.0.1:${lab.port}/lab?token=${token}`, {
      origin: `http://127.0.0.1:${lab.port}`,
    });
    const page = new LabSocket(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(page));
      socket.once('unexpected-response', (_, response) => reject(new Error(`${response.statusCode}`)));
    });
  }

  /** The answer: a result or an error. */
  send(method: string, params: unknown): Promise<ResponseFrame> {
    const id = this.nextId++;
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  /** The result, or an error whose message begins with the code of the refusal. */
  async call<T>(method: string, params: unknown): Promise<T> {
    const answer = await this.send(method, params);
    if (answer.ok) return answer.result as T;
    throw new Error(`${answer.error.code}: ${inEnglish(answer.error.message)}`);
  }

  async close(): Promise<void> {
    this.socket.terminate();
    await this.ended;
  }

  private receive(message: unknown): void {
    const answer = responseFrameSchema.safeParse(message);
    if (!answer.success) return void this.events.push(message as LabEvent);
    this.waiting.get(answer.data.id)?.(answer.data);
    this.waiting.delete(answer.data.id);
  }
}
