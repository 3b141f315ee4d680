import { InvariantError, must } from '../../diagnostics/invariantError.ts';
import type { Program } from '../../program/program.ts';
import type { TensorId, TensorSpec } from '../../program/tensor.ts';
import { elementCount } from '../../program/shape.ts';
import type { KernelContext } from './kernel.ts';

/** Arrays of one prepared program. Every tensor has its own array, so no value is overwritten too early. */
export class ReferenceMemory implements KernelContext {
  readonly batch: number;
  readonly gradients: Float64Array;
  readonly batchStatistics: Float64Array;
  readonly #program: Program;
  readonly #state: Float64Array;
  readonly #own = new Map<TensorId, Float64Array>();

  constructor(program: Program, batch: number, state: Float64Array) {
    this.#program = program;
    this.#state = state;
    this.batch = batch;
    this.gradients = new Float64Array(program.mode === 'train' ? program.state.parameterSize : 0);
    this.batchStatistics = new Float64Array(program.state.statisticsSize);
  }

  /** Bytes allocated so far, without the state. */
  get bytes(): number {
    const own = [...this.#own.values(), this.gradients, this.batchStatistics];
    return own.reduce((sum, array) => sum + array.byteLength, 0);
  }

  dims(tensor: TensorId): readonly number[] {
    return this.#spec(tensor).dims;
  }

  data(tensor: TensorId): Float64Array {
    const spec = this.#spec(tensor);
    const { weightsOffset } = this.#program;
    const { parameters, statistics, statisticsOffset } = this.#program.state;
    switch (spec.kind) {
      case 'parameter':
        return slice(this.#state, parameters[spec.slot ?? -1], -weightsOffset);
      case 'parameterGradient':
        return slice(this.gradients, parameters[spec.slot ?? -1], 0);
      case 'statistic':
        return slice(this.#state, statistics[spec.slot ?? -1], -weightsOffset);
      case 'batchStatistic':
        return slice(this.batchStatistics, statistics[spec.slot ?? -1], statisticsOffset);
      case 'labels':
        throw new InvariantError('labels are fed, not held');
      default:
        return this.#ownArray(spec);
    }
  }

  #ownArray(spec: TensorSpec): Float64Array {
    const known = this.#own.get(spec.id);
    if (known !== undefined) return known;
    const made = new Float64Array(elementCount(spec.dims) * (spec.batched ? this.batch : 1));
    this.#own.set(spec.id, made);
    return made;
  }

  #spec(tensor: TensorId): TensorSpec {
    return must(this.#program.tensors[tensor], `tensor ${String(tensor)}`);
  }
}

function slice(
  array: Float64Array,
  slot: { offset: number; size: number } | undefined,
  base: number,
): Float64Array {
  const { offset, size } = must(slot, 'state slot of a tensor');
  return array.subarray(offset - base, offset - base + size);
}
