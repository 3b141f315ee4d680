import type { Settings } from './settings.ts';

/** Where the weights of a layer are in the two layouts of files that Keras writes. */
interface WeightPlace {
  /** Keras 3: `layers/functional/layers/conv2d_1`, counted by class in each container. */
  readonly path: string;
  /** Old files: the layer of the outermost model that holds it. */
  readonly topLayer: string;
  /** Old files: names of the models around it and its own, from the outermost layer on: `['backbone', 'conv1']`. */
  readonly names: readonly string[];
}

/** A layer of a Keras model. */
export interface KerasLayer {
  readonly name: string;
  /** Its class: `Conv2D`. */
  readonly kind: string;
  readonly settings: Settings;
  /** False where the layer or a model around it is frozen. */
  readonly trainable: boolean;
  /** True where it is called with `training=False`: BatchNorm normalizes by its running statistics, Dropout is idle. */
  readonly isInference: boolean;
  readonly place: WeightPlace;
}

/** An argument of a call: the output of an earlier call, by its index, or a number. */
export type Argument = { readonly call: number } | { readonly value: number };

/** A layer with its inputs. */
export interface LayerCall {
  readonly layer: KerasLayer;
  readonly inputs: readonly Argument[];
}

/** A Keras model without nested models. Calls come after the calls that they depend on; the first is the input. */
export interface LayerGraph {
  readonly name: string;
  readonly calls: readonly LayerCall[];
  /** Index of the call whose output is the model's. */
  readonly output: number;
}
