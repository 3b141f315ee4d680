import { augment as enAugment } from './augment.ts';
import { data as enData } from './data.ts';
import { editor as enEditor } from './editor.ts';
import { exportMessages as enExport } from './export.ts';
import { files as enFiles } from './files.ts';
import { models as enModels } from './models.ts';
import { nodes as enNodes } from './nodes.ts';
import { pictures as enImages } from './images.ts';
import { shell as enShell } from './shell.ts';
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
  files: enFiles,
  models: enModels,
};

/** Shape of the English texts: a translation has the same keys (`messages.test.ts` checks the placeholders). */
export type Messages = typeof english;
