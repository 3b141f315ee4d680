import { data as enData } from './en/data.ts';
import { editor as enEditor } from './en/editor.ts';
import { exportMessages as enExport } from './en/export.ts';
import { files as enFiles } from './en/files.ts';
import { nodes as enNodes } from './en/nodes.ts';
import { shell as enShell } from './en/shell.ts';
import { training as enTraining } from './en/training.ts';
import { ui as enUi } from './en/ui.ts';
import { data as zhData } from './zh/data.ts';
import { editor as zhEditor } from './zh/editor.ts';
import { exportMessages as zhExport } from './zh/export.ts';
import { files as zhFiles } from './zh/files.ts';
import { nodes as zhNodes } from './zh/nodes.ts';
import { shell as zhShell } from './zh/shell.ts';
import { training as zhTraining } from './zh/training.ts';
import { ui as zhUi } from './zh/ui.ts';

/** All English texts, one key for each file: `t('data.scan')` stands in `en/data.ts` as `data.scan`. */
const en = {
  ui: enUi,
  shell: enShell,
  editor: enEditor,
  nodes: enNodes,
  data: enData,
  training: enTraining,
  export: enExport,
  files: enFiles,
};

/** Shape of the English texts: a translation has the same keys (`messages.test.ts` checks the placeholders). */
export type Messages = typeof en;

const zh: Messages = {
  ui: zhUi,
  shell: zhShell,
  editor: zhEditor,
  nodes: zhNodes,
  data: zhData,
  training: zhTraining,
  export: zhExport,
  files: zhFiles,
};

export const messages = { en, 'zh-CN': zh };
export type Language = keyof typeof messages;
export const LANGUAGES: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'zh-CN', label: '简体中文' },
];
