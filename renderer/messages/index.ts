import { english, type Messages } from './en/english.ts';
import { augment as zhAugment } from './zh/augment.ts';
import { data as zhData } from './zh/data.ts';
import { editor as zhEditor } from './zh/editor.ts';
import { exportMessages as zhExport } from './zh/export.ts';
import { files as zhFiles } from './zh/files.ts';
import { models as zhModels } from './zh/models.ts';
import { nodes as zhNodes } from './zh/nodes.ts';
import { pictures as zhImages } from './zh/images.ts';
import { shell as zhShell } from './zh/shell.ts';
import { statistics as zhStatistics } from './zh/statistics.ts';
import { training as zhTraining } from './zh/training.ts';
import { ui as zhUi } from './zh/ui.ts';

const zh: Messages = {
  ui: zhUi,
  shell: zhShell,
  editor: zhEditor,
  nodes: zhNodes,
  data: zhData,
  augment: zhAugment,
  pictures: zhImages,
  training: zhTraining,
  statistics: zhStatistics,
  export: zhExport,
  files: zhFiles,
  models: zhModels,
};

export const messages = { en: english, 'zh-CN': zh };
export type Language = keyof typeof messages;
export const LANGUAGES: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'zh-CN', label: '简体中文' },
];
