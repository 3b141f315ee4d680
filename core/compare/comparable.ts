import type { ForeignModel, ForeignWeights } from '../import/foreignModel.ts';
import { AppError } from '../diagnostics/appError.ts';
import { importModel, type ImportedModel } from '../import/importModel.ts';

/** A tensor that can be compared: its description, and its elements on demand. */
export interface NamedTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** The elements in C order as float32. A new array each time. */
  read(): Float32Array<ArrayBuffer>;
}

/** A network whose values are known by slot. */
export interface ComparableNetwork {
  readonly kind: 'network';
  readonly network: Pick<ImportedModel, 'document' | 'graph' | 'values' | 'format' | 'architecture'>;
  /** All tensors of the file under its own names; null for a file that describes its network, whose names are slots. */
  readonly tensors: readonly NamedTensor[] | null;
  /** Tensors of the file that no block uses. */
  readonly rest: readonly NamedTensor[];
  /** Names of tensors that no block uses and that cannot be read one by one. */
  readonly unread: readonly string[];
}

/** A file of tensors that belong to no architecture that the lab knows. */
interface ComparableTensors {
  readonly kind: 'tensors';
  readonly tensors: readonly NamedTensor[];
}

/** One side of a comparison. */
export type Comparable = ComparableNetwork | ComparableTensors;

/**
 * A model that was read, as one side of a comparison: a network where the file describes one or its architecture is
 * recognized, else its tensors. `file` is its name in messages. Throws as `importModel` does, but not for tensors of an
 * unknown architecture.
 */
export function comparableOf(model: ForeignModel, file: string): Comparable {
  if (model.kind === 'network') {
    const network = importModel(model, { file });
    return { kind: 'network', network, tensors: null, rest: [], unread: network.report.unexpected };
  }
  const { tensors } = model;
  const network = recognized(model, file);
  if (network === null) return { kind: 'tensors', tensors };
  const { unexpected, wrongShape } = network.report;
  const unused = new Set([...unexpected, ...wrongShape.map(({ tensor }) => tensor)]);
  return {
    kind: 'network',
    network,
    tensors,
    rest: tensors.filter(({ name }) => unused.has(name)),
    unread: [],
  };
}

/** Null for tensors of an unknown architecture. */
function recognized(model: ForeignWeights, file: string): ImportedModel | null {
  try {
    return importModel(model, { file });
  } catch (error) {
    if (error instanceof AppError && error.code === 'model-unsupported') return null;
    throw error;
  }
}
