import type { NodeId } from '../../diagnostics/ids.ts';
import type { StateField } from '../stateReader.ts';

/** A setting as JSON has it; in `model.py` a list is a tuple. */
export type Setting =
  string | number | boolean | null | readonly Setting[] | { readonly [name: string]: Setting };
export type Settings = Readonly<Record<string, Setting>>;

/** A variable of a layer, in C order. */
export interface KerasVariable {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** The values of a block's slot in our layout. */
export type ReadField = (field: StateField) => KerasVariable;

/** A layer, or an operation of `keras.ops`, of the written model. */
export interface KerasLayer {
  /** Unique in the model; Keras forbids `/`. */
  readonly name: string;
  /** Class of `keras.layers`; of an operation, that of `keras.src.ops`. */
  readonly kind: string;
  /** The module of an operation below `keras.src.ops` and its function; null for a layer. */
  readonly operation: { readonly module: string; readonly call: string } | null;
  /** Arguments of the constructor that are not Keras' defaults. */
  readonly settings: Settings;
  /** Arguments of the call beside the inputs. */
  readonly callSettings: Settings;
  /** Names of the layers whose outputs it takes. */
  readonly inputs: readonly string[];
  /** True where the inputs are passed as a list, as to `Add`. */
  readonly takesList: boolean;
  /** Shape of the output without the batch, channels last. */
  readonly shape: readonly number[];
  readonly block: NodeId;
  /** Variables in Keras' order: trained ones first. */
  readonly variables: (read: ReadField) => readonly KerasVariable[];
}
