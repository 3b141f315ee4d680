import { augment as enAugment } from './augment.ts';
import { cluster as enCluster } from './cluster.ts';
import { compare as enCompare } from './compare.ts';
import { confusion as enConfusion } from './confusion.ts';
import { policies as enPolicies } from './policies.ts';
import { data as enData } from './data.ts';
import { editor as enEditor } from './editor.ts';
import { doubts as enDoubts } from './doubts.ts';
import { evaluatedImages as enEvaluatedImages } from './evaluatedImages.ts';
import { pair as enPair } from './pair.ts';
import { evaluation as enEvaluation } from './evaluation.ts';
import { exportMessages as enExport } from './export.ts';
import { files as enFiles } from './files.ts';
import { models as enModels } from './models.ts';
import { nodes as enNodes } from './nodes.ts';
import { normPreview as enNormPreview } from './normPreview.ts';
import { pictures as enImages } from './images.ts';
import { picture as enPicture } from './picture.ts';
import { shell as enShell } from './shell.ts';
import { source as enSource } from './source.ts';
import { statistics as enStatistics } from './statistics.ts';
import { training as enTraining } from './training.ts';
import { ui as enUi } from './ui.ts';

/** All English texts, one key for each file: `t('data.scan')` is `data.scan` in `en/data.ts`. */
export const english = {
  ui: enUi,
  shell: enShell,
  editor: enEditor,
  nodes: enNodes,
  data: enData,
  augment: enAugment,
  pictures: enImages,
  training: enTraining,
  statistics: enStatistics,
  export: enExport,
  normPreview: enNormPreview,
  files: enFiles,
  models: enModels,
  compare: enCompare,
  policies: enPolicies,
  source: enSource,
  cluster: enCluster,
  evaluation: enEvaluation,
  pair: enPair,
  confusion: enConfusion,
  evaluatedImages: enEvaluatedImages,
  picture: enPicture,
  doubts: enDoubts,
};

/** Shape of the English texts: a translation has the same keys (`messages.test.ts` checks the placeholders). */
export type Messages = typeof english;
