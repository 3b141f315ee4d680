import { AppError } from '../../diagnostics/appError.ts';
import { must } from '../../diagnostics/invariantError.ts';
import type { FilesOf } from '../bundle/bundleFiles.ts';
import type { WrittenBundle } from '../bundle/writtenBundle.ts';
import { requireFinite } from '../finite.ts';
import { frozenWeights, type ExportOptions } from '../frozenWeights.ts';
import { sourceText } from '../sourceLine.ts';
import { findSlot, readSlot } from '../stateReader.ts';
import type { TrainedModel } from '../trainedModel.ts';
import { encodeUtf8 } from '../utf8.ts';
import type { KerasLayer, KerasVariable } from './kerasLayer.ts';
import { kerasMetadata, modelConfig } from './modelConfig.ts';
import { modelSource } from './modelSource.ts';
import { PREDICT_SOURCE, REQUIREMENTS } from './predictSource.ts';
import { weightGroups, type WeightGroup } from './weightGroups.ts';
import { writeNetwork } from './writeNetwork.ts';

/** A folder for Keras before its HDF5 file is made, which needs a library. */
export interface KerasExport extends Pick<WrittenBundle, 'metadata' | 'modules'> {
  /** The files of the folder beside `model.keras` and `model.weights.h5`. */
  readonly files: Omit<FilesOf<'keras'>, 'model.keras' | 'model.weights.h5'>;
  /** The files in `model.keras` beside `model.weights.h5`. */
  readonly archived: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly groups: readonly WeightGroup[];
}

/**
 * A network as a functional model of Keras 3. Throws `AppError`: 'run-has-no-weights' without statistics to freeze,
 * 'diverged' when a value is not finite, 'arguments' for a block that Keras cannot express.
 */
export function exportKeras(model: TrainedModel, options: ExportOptions): KerasExport {
  const { metadata, written } = frozenWeights(model, options, 'NHWC');
  const network = writeNetwork(written.graph);
  const [refusal] = network.refusals;
  if (refusal !== undefined) throw new AppError('arguments', refusal);
  const groups = weightGroups(network.layers, (layer) => variablesOf(written, layer));
  const withVariables = groups.filter(({ variables }) => variables.length > 0);
  const owners = new Set(withVariables.map(({ name }) => name));
  const modules = Object.fromEntries([...network.names].filter(([, name]) => owners.has(name)));
  return {
    ...{ metadata, modules, groups },
    files: {
      'model.py': encodeUtf8(sourceText(modelSource(written.document.name, network, written.graph))),
      'predict.py': encodeUtf8(PREDICT_SOURCE),
      'requirements.txt': encodeUtf8(REQUIREMENTS),
    },
    archived: new Map([
      ['metadata.json', encodeUtf8(kerasMetadata(metadata))],
      ['config.json', encodeUtf8(modelConfig(network))],
    ]),
  };
}

function variablesOf(model: TrainedModel, { block, name, variables }: KerasLayer): readonly KerasVariable[] {
  const found = variables((field) =>
    readSlot(model, must(findSlot(model, block, field), `${block}.${field}`)),
  );
  for (const { data } of found) requireFinite(name, data);
  return found;
}
