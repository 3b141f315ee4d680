import { z } from 'zod';
import { LAB_API, type LabMethod } from '#core/contract/labApi.ts';

/** Places of the grants in the parameters of a method, from its schema. */
export function grantsIn(method: LabMethod): string[] {
  const schema = z.toJSONSchema(LAB_API[method].params, { unrepresentable: 'any', io: 'input' });
  const places = new Set<string>();
  const walk = (node: unknown, at: readonly string[]): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('holds' in node && node.holds === 'grant') places.add(at.join('.'));
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties')
        for (const [name, below] of Object.entries(value as object)) walk(below, [...at, name]);
      else walk(value, at);
    }
  };
  walk(schema, []);
  return [...places].sort();
}
