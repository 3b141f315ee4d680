import { must } from '../diagnostics/invariantError.ts';
import { toTensorId, type TensorId, type TensorSpec } from '../program/tensor.ts';

/** The tensors of a program under construction. */
export class TensorTable {
  readonly #specs: TensorSpec[] = [];
  readonly #names = new Set<string>();

  /** Adds a tensor and returns its id; a name that is taken gets the suffix `#2`, `#3`, …. */
  add(spec: Omit<TensorSpec, 'id'>): TensorId {
    const id = toTensorId(this.#specs.length);
    this.#specs.push({ id, ...spec, name: this.#freeName(spec.name) });
    return id;
  }

  /** Throws `InvariantError` for an id that is not from this table. */
  spec(id: TensorId): TensorSpec {
    return must(this.#specs[id], `tensor ${String(id)}`);
  }

  #freeName(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.#names.has(name); n += 1) name = `${wanted}#${String(n)}`;
    this.#names.add(name);
    return name;
  }
}
