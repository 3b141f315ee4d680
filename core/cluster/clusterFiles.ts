import { stateDict } from '../export/frozenWeights.ts';
import { modelMetadata } from '../export/metadata.ts';
import { encodeSafetensors } from '../export/safetensors.ts';
import { sourceText } from '../export/sourceLine.ts';
import { idsOf, moduleNames } from '../export/torch/moduleNames.ts';
import { modelSource } from '../export/torch/modelSource.ts';
import { encodeUtf8 } from '../export/utf8.ts';
import { clusterConfig } from './clusterConfig.ts';
import { untrainedModel, type ClusterRun } from './clusterModel.ts';
import { DECODE_SOURCE } from './decodeSource.ts';
import { AUGMENT_SOURCE } from './python/augment.ts';
import { BATCHNORM_SOURCE } from './python/batchnorm.ts';
import { CHECKPOINT_SOURCE } from './python/checkpoint.ts';
import { DATA_SOURCE } from './python/data.ts';
import { DISTRIBUTED_SOURCE } from './python/distributed.ts';
import { EVALUATE_SOURCE } from './python/evaluate.ts';
import { IMAGES_SOURCE } from './python/images.ts';
import { LAYERS_SOURCE } from './python/layers.ts';
import { LOSSES_SOURCE } from './python/losses.ts';
import { OPTIM_SOURCE } from './python/optim.ts';
import { PIXELS_SOURCE } from './python/pixels.ts';
import { RANDOMNESS_SOURCE } from './python/randomness.ts';
import { RECORD_SOURCE } from './python/record.ts';
import { RUN_SOURCE } from './python/run.ts';
import { TRAIN_SOURCE } from './python/train.ts';
import { TRAINER_SOURCE } from './python/trainer.ts';
import { WEIGHTS_SOURCE } from './python/weights.ts';
import { readmeSource } from './readmeSource.ts';
import { CLUSTER_REQUIREMENTS, DOCKERFILE, pytorchJob, slurmScript, type ClusterShape } from './scripts.ts';

/** The modules that are the same in every project. */
const MODULES = {
  'augment.py': AUGMENT_SOURCE,
  'batchnorm.py': BATCHNORM_SOURCE,
  'checkpoint.py': CHECKPOINT_SOURCE,
  'data.py': DATA_SOURCE,
  'decode.py': DECODE_SOURCE,
  'distributed.py': DISTRIBUTED_SOURCE,
  'evaluate.py': EVALUATE_SOURCE,
  'images.py': IMAGES_SOURCE,
  'layers.py': LAYERS_SOURCE,
  'losses.py': LOSSES_SOURCE,
  'optim.py': OPTIM_SOURCE,
  'pixels.py': PIXELS_SOURCE,
  'randomness.py': RANDOMNESS_SOURCE,
  'record.py': RECORD_SOURCE,
  'run.py': RUN_SOURCE,
  'train.py': TRAIN_SOURCE,
  'trainer.py': TRAINER_SOURCE,
  'weights.py': WEIGHTS_SOURCE,
};

/**
 * The files of a PyTorch project that trains the run on a cluster, by name, without its manifest. Its model is that of
 * the export for PyTorch. Throws `AppError('diverged')` for initial values that are not finite.
 */
export function clusterFiles(
  run: ClusterRun,
  shape: ClusterShape,
): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const names = moduleNames(idsOf(run.graph));
  const model = untrainedModel(run);
  const metadata = modelMetadata(model, { normalizesInput: false, folding: null });
  const job = { ...shape, name: run.document.name, hasValidationFolder: run.hasValidationFolder };
  const texts: Record<string, string> = {
    ...MODULES,
    'model.py': sourceText(
      modelSource(run.document.name, run.graph, {
        weights: 'its first weights are in initial.safetensors',
        normalizer: 'data.py',
      }),
    ),
    'config.json': inLines(clusterConfig(run, names)),
    'images.json': `${JSON.stringify(listing(run))}\n`,
    'split.json': run.split,
    'requirements.txt': CLUSTER_REQUIREMENTS,
    'slurm.sh': slurmScript(job),
    'pytorchjob.yaml': pytorchJob(job),
    Dockerfile: DOCKERFILE,
    'README.md': readmeSource(run, shape),
  };
  return new Map([
    ...Object.entries(texts).map(([file, text]) => [file, encodeUtf8(text)] as const),
    [
      'initial.safetensors',
      encodeSafetensors(stateDict(model), { format: 'pt', ...metadata }, { finiteOnly: true }),
    ],
  ]);
}

function listing({ classNames, train, validation, hasValidationFolder }: ClusterRun): object {
  return {
    classNames,
    train: { ownFolder: true, images: train },
    validation: { ownFolder: hasValidationFolder, images: validation },
  };
}

function inLines(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
