/** A bug in NormLab: a violated invariant of its own code. Never caused by a user's input. */
export class InvariantError extends Error {
  constructor(message: string) {
    super(`internal: ${message}`);
    this.name = 'InvariantError';
  }
}

/** Returns `value`, or throws `InvariantError` with `what` when it is null or undefined. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new InvariantError(`${what} is missing`);
  return value;
}
