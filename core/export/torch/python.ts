/** A `str` of Python with this text: the escapes of JSON are also those of Python. */
export function pythonText(text: string): string {
  return JSON.stringify(text);
}

/** A number; Python reads JavaScript's decimal and exponent forms alike. */
export function pythonNumber(value: number): string {
  return String(value);
}

/** `3` where both are the same, else `(3, 5)`: height and width. */
export function pairOf([height, width]: readonly [number, number]): string {
  return height === width ? String(height) : `(${String(height)}, ${String(width)})`;
}

/** `(1, 2, 3)`, with the comma that a tuple of one needs. */
export function tupleOf(values: readonly number[]): string {
  return values.length === 1 ? `(${values.join('')},)` : `(${values.join(', ')})`;
}

/** A call with its arguments; `null` ones are left out. */
export function callOf(callee: string, ...args: readonly (string | null)[]): string {
  return `${callee}(${args.filter((arg) => arg !== null).join(', ')})`;
}

/** `name=value`, or null where the value is PyTorch's default. */
export function unless(standard: string, name: string, value: string): string | null {
  return value === standard ? null : `${name}=${value}`;
}
