import { shallowRef } from 'vue';
import type { LabEvent } from '#core/contract/labApi.ts';

type Params = Record<string, unknown>;

/** An answer that a test sends when it chooses. */
export interface HeldAnswer {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** For tests of stores: a lab that answers as the test says and records what it was asked. */
class FakeLab {
  readonly answers = new Map<string, (params: Params) => unknown>();
  readonly asked: [method: string, params: Params][] = [];
  readonly connection = shallowRef({ kind: 'open' });
  private readonly handlers = new Map<string, Set<(event: LabEvent) => void>>();

  reset(): void {
    this.answers.clear();
    this.asked.length = 0;
    this.handlers.clear();
    this.connection.value = { kind: 'open' };
  }

  async call(method: string, params: Params): Promise<unknown> {
    this.asked.push([method, params]);
    const answer = this.answers.get(method);
    if (answer === undefined) throw new Error(`nothing to answer to ${method}`);
    return answer(params);
  }

  on(name: string, handler: (event: LabEvent) => void): () => void {
    const set = this.handlers.get(name) ?? new Set();
    this.handlers.set(name, set.add(handler));
    return () => void set.delete(handler);
  }

  emit(event: LabEvent): void {
    this.handlers.get(event.event)?.forEach((handler) => handler(event));
  }

  /** The parameters of each call of a method, the first one first. */
  askedOf(method: string): readonly Params[] {
    return this.asked.filter(([name]) => name === method).map(([, params]) => params);
  }

  /** From now on the method is answered when the test says so. */
  hold(method: string): HeldAnswer {
    const settling: Partial<HeldAnswer> = {};
    const answer = new Promise((resolve, reject) => Object.assign(settling, { resolve, reject }));
    this.answers.set(method, () => answer);
    return {
      resolve: (value) => settling.resolve?.(value),
      reject: (error) => settling.reject?.(error),
    };
  }
}

export const fakeLab = new FakeLab();

/** Stands in for `useLab.ts` in `vi.mock`. */
export const useLabDouble = {
  useLab: () => ({
    connection: fakeLab.connection,
    call: (method: string, params: Params) => fakeLab.call(method, params),
    on: (name: string, handler: (event: LabEvent) => void) => fakeLab.on(name, handler),
  }),
};

/** Lets what was answered arrive. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
