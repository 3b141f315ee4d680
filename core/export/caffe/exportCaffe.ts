import { AppError } from '../../diagnostics/appError.ts';
import { must } from '../../diagnostics/invariantError.ts';
import { message } from '../../words/message.ts';
import { writtenFiles } from '../bundle/bundleFiles.ts';
import type { WrittenBundle } from '../bundle/writtenBundle.ts';
import { requireFinite } from '../finite.ts';
import { frozenWeights, type ExportOptions } from '../frozenWeights.ts';
import { METADATA_KEYS } from '../metadata.ts';
import { findSlot, readSlot } from '../stateReader.ts';
import type { TrainedModel } from '../trainedModel.ts';
import { encodeUtf8 } from '../utf8.ts';
import { encodeCaffeModel, MOST_CAFFE_BYTES, type WeightedLayer } from './caffeModel.ts';
import { planCaffe, type CaffePlan, type NamedLayer } from './caffePlan.ts';
import { deployText, trainText } from './descriptions.ts';
import { normalizeLayer } from './normalizeLayer.ts';

/**
 * A folder for Caffe 1.0: the network as `deploy.prototxt` and as `train_val.prototxt`, its weights, and the names of
 * the classes. Throws `AppError`: 'run-has-no-weights' without statistics to freeze, 'diverged' when a value is not
 * finite, 'arguments' for a network that Caffe cannot express, and from 2 GiB on.
 */
export function exportCaffe(model: TrainedModel, options: ExportOptions): WrittenBundle {
  const { metadata, written } = frozenWeights(model, options);
  const plan = planCaffe(written.graph);
  if (plan.refusals.length > 0)
    throw new AppError('arguments', message('bundles.caffeRefused', { reasons: plan.refusals }));
  const layers = [normalizeLayer(written.preprocessing, written.graph.input.id), ...plan.layers];
  const weighted = layers.filter(({ blobs }) => blobs !== undefined).map((layer) => weigh(written, layer));
  refuseTooLarge(weighted);
  const description = { model: written, plan, layers };
  const files = writtenFiles('caffe', {
    'deploy.prototxt': encodeUtf8(deployText(description)),
    'train_val.prototxt': encodeUtf8(trainText(description)),
    'weights.caffemodel': encodeCaffeModel(model.document.name, weighted),
    'labels.txt': encodeUtf8(model.classNames.map((name) => `${oneLine(name)}\n`).join('')),
  });
  return { files, metadata: withOwnOrder(metadata), modules: modulesOf(plan) };
}

/** What programs take for the end of a line, Python's `splitlines` among them. */
const LINE_ENDS = new Set('\n\r\v\f\u001C\u001D\u001E\u0085\u2028\u2029');

function oneLine(name: string): string {
  return [...name].map((letter) => (LINE_ENDS.has(letter) ? ' ' : letter)).join('');
}

function weigh(model: TrainedModel, { name, type, bottoms, block, blobs = [] }: NamedLayer): WeightedLayer {
  return {
    ...{ name, type, bottoms },
    blobs: blobs.map(({ dims, values }) => {
      const read = values((field) => {
        const slot = must(findSlot(model, block, field), `${block}.${field}`);
        return Float32Array.from(readSlot(model, slot).data);
      });
      requireFinite(name, read);
      return { dims, values: read };
    }),
  };
}

function refuseTooLarge(layers: readonly WeightedLayer[]): void {
  const blobs = layers.flatMap((layer) => layer.blobs);
  const bytes = blobs.reduce((sum, { values }) => sum + values.byteLength, 0);
  // Names and dims of a layer take less than 1 KiB.
  if (bytes + 1024 * layers.length > MOST_CAFFE_BYTES)
    throw new AppError('arguments', message('bundles.caffeTooLarge', { bytes }));
}

/** The layer of each block with weights; gamma and beta of `bn1` are those of `bn1/scale`. */
function modulesOf({ layers, names }: CaffePlan): Record<string, string> {
  const owners = new Set(layers.filter(({ blobs }) => blobs !== undefined).map(({ block }) => block));
  return Object.fromEntries([...names].filter(([block]) => owners.has(block)));
}

/** The preprocessing as `normalizeLayer` does it, with means and deviations in the order of the input. */
function withOwnOrder(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const facts = JSON.parse(metadata[METADATA_KEYS.preprocessing] ?? '{}') as Record<string, unknown>;
  const isReversed = facts['colour'] === 'RGB';
  const ordered = ['mean_bytes', 'deviation_bytes', 'mean_unit', 'deviation_unit'].map((key) => {
    const values = facts[key] as readonly number[];
    return [key, isReversed ? [...values].reverse() : values] as const;
  });
  const formula =
    'input = byte (0..255, float32); the network itself computes (byte - mean_bytes) / deviation_bytes';
  const changed = {
    ...facts,
    ...(facts['colour'] === 'grey' ? {} : { colour: 'BGR', network_colour: facts['colour'] }),
    ...Object.fromEntries(ordered),
    formula: isReversed ? `${formula} and reverses the channels to red, green, blue` : formula,
  };
  return { ...metadata, [METADATA_KEYS.preprocessing]: JSON.stringify(changed) };
}
