import { augment as enAugment } from './en/augment.ts';
import { data as enData } from './en/data.ts';
import { editor as enEditor } from './en/editor.ts';
import { exportMessages as enExport } from './en/export.ts';
import { files as enFiles } from './en/files.ts';
import { nodes as enNodes } from './en/nodes.ts';
import { pictures as enPictures } from './en/pictures.ts';
import { shell as enShell } from './en/shell.ts';
import { statistics as enStatistics } from './en/statistics.ts';
import { training as enTraining } from './en/training.ts';
import { ui as enUi } from './en/ui.ts';

/** All English texts, one key for each file: `t('data.scan')` stands in `en/data.ts` as `data.scan`. */
export const english = {
  ui: enUi,
  shell: enShell,
  editor: enEditor,
  nodes: enNodes,
  data: enData,
  augment: enAugment,
  pictures: enPictures,
  training: enTraining,
  statistics: enStatistics,
  export: enExport,
  files: enFiles,
};

/** Shape of the English texts: a translation has the same keys (`messages.test.ts` checks the placeholders). */
export type Messages = typeof english;
