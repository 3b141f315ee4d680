import type { Translated } from './english.ts';
import { blocks } from './zh/blocks.ts';
import { edit } from './zh/edit.ts';
import { engine } from './zh/engine.ts';
import { exporting } from './zh/exporting.ts';
import { files } from './zh/files.ts';
import { folders } from './zh/folders.ts';
import { graph } from './zh/graph.ts';
import { images } from './zh/images.ts';
import { lab } from './zh/lab.ts';
import { labels } from './zh/labels.ts';
import { options } from './zh/options.ts';
import { patterns } from './zh/patterns.ts';
import { plain } from './zh/plain.ts';
import { project } from './zh/project.ts';
import { reading } from './zh/reading.ts';
import { runs } from './zh/runs.ts';
import { schema } from './zh/schema.ts';
import { setup } from './zh/setup.ts';
import { shell } from './zh/shell.ts';
import { starting } from './zh/starting.ts';
import { summary } from './zh/summary.ts';
import { training } from './zh/training.ts';
import { work } from './zh/work.ts';

/** All texts in simplified Chinese. */
export const CHINESE: Translated = {
  blocks,
  edit,
  engine,
  exporting,
  files,
  folders,
  graph,
  images,
  lab,
  labels,
  options,
  patterns,
  plain,
  project,
  reading,
  runs,
  schema,
  setup,
  shell,
  starting,
  summary,
  training,
  work,
};
