import { english, type Messages } from './en/english.ts';
import { augment as zhAugment } from './zh/augment.ts';
import { compare as zhCompare } from './zh/compare.ts';
import { cluster as zhCluster } from './zh/cluster.ts';
import { confusion as zhConfusion } from './zh/confusion.ts';
import { doubts as zhDoubts } from './zh/doubts.ts';
import { evaluatedImages as zhEvaluatedImages } from './zh/evaluatedImages.ts';
import { pair as zhPair } from './zh/pair.ts';
import { evaluation as zhEvaluation } from './zh/evaluation.ts';
import { policies as zhPolicies } from './zh/policies.ts';
import { data as zhData } from './zh/data.ts';
import { editor as zhEditor } from './zh/editor.ts';
import { exportMessages as zhExport } from './zh/export.ts';
import { files as zhFiles } from './zh/files.ts';
import { models as zhModels } from './zh/models.ts';
import { nodes as zhNodes } from './zh/nodes.ts';
import { normPreview as zhNormPreview } from './zh/normPreview.ts';
import { pictures as zhImages } from './zh/images.ts';
import { picture as zhPicture } from './zh/picture.ts';
import { shell as zhShell } from './zh/shell.ts';
import { source as zhSource } from './zh/source.ts';
import { statistics as zhStatistics } from './zh/statistics.ts';
import { training as zhTraining } from './zh/training.ts';
import { ui as zhUi } from './zh/ui.ts';

const zh: Messages = {
  ui: zhUi,
  shell: zhShell,
  editor: zhEditor,
  nodes: zhNodes,
  normPreview: zhNormPreview,
  data: zhData,
  augment: zhAugment,
  pictures: zhImages,
  training: zhTraining,
  statistics: zhStatistics,
  export: zhExport,
  files: zhFiles,
  models: zhModels,
  compare: zhCompare,
  policies: zhPolicies,
  source: zhSource,
  cluster: zhCluster,
  evaluation: zhEvaluation,
  pair: zhPair,
  confusion: zhConfusion,
  evaluatedImages: zhEvaluatedImages,
  picture: zhPicture,
  doubts: zhDoubts,
};

export const messages = { en: english, 'zh-CN': zh };
export type Language = keyof typeof messages;
export const LANGUAGES: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'zh-CN', label: '简体中文' },
];
