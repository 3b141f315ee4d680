import { must } from '../../diagnostics/invariantError.ts';
import type { GraphDocument } from '../../document/schema.ts';
import { serializeDocument } from '../../document/serialize.ts';
import { METADATA_KEYS } from '../../export/metadata.ts';
import { encodeSafetensors } from '../../export/safetensors.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
import { tinyDocument } from '../../training/testing/tinyRun.ts';
import { slotsOf } from '../slots.ts';

/** What is special about a model file. */
export interface OwnModel {
  /** The tiny network for the classes a, b and c by default. */
  readonly document?: GraphDocument;
  readonly classNames?: readonly string[];
  /** Slots that the file has no tensor for. */
  readonly lacking?: readonly string[];
  /** Added to the elements of these slots. */
  readonly moved?: Readonly<Record<string, number>>;
}

/** Bytes of a model file as NormLab exports it to safetensors, with some positive value for each tensor. */
export function ownModelFile({
  document = tinyDocument({ epochs: 3, batchSize: 6, threads: 1, precision: 'f32' }),
  classNames = ['a', 'b', 'c'],
  lacking = [],
  moved = {},
}: OwnModel = {}): Uint8Array {
  const graph = must(checkGraph(document.graph).graph, 'graph of a model');
  const tensors = slotsOf(graph, document.training)
    .filter(({ name }) => !lacking.includes(name))
    .map(({ name, dims, size }) => {
      // A variance must be positive; anything in a row will do for the rest.
      const data = Float32Array.from(
        { length: size },
        (_, at) => 0.5 + 0.3 * Math.sin(at) + (moved[name] ?? 0),
      );
      return { name, dtype: 'F32' as const, shape: [...dims], data };
    });
  return encodeSafetensors(tensors, {
    [METADATA_KEYS.project]: serializeDocument(document),
    [METADATA_KEYS.classNames]: JSON.stringify(classNames),
  });
}
