import type { Translated } from './english.ts';
import { blocks } from './zh/blocks.ts';
import { bundles } from './zh/bundles.ts';
import { kerasBundles } from './zh/kerasBundles.ts';
import { caffeFiles } from './zh/caffeFiles.ts';
import { cluster } from './zh/cluster.ts';
import { comparing } from './zh/comparing.ts';
import { doubts } from './zh/doubts.ts';
import { edit } from './zh/edit.ts';
import { engine } from './zh/engine.ts';
import { evaluating } from './zh/evaluating.ts';
import { exporting } from './zh/exporting.ts';
import { exportLint } from './zh/exportLint.ts';
import { features } from './zh/features.ts';
import { files } from './zh/files.ts';
import { fineTuning } from './zh/fineTuning.ts';
import { folders } from './zh/folders.ts';
import { folding } from './zh/folding.ts';
import { graph } from './zh/graph.ts';
import { images } from './zh/images.ts';
import { importing } from './zh/importing.ts';
import { kerasFiles } from './zh/kerasFiles.ts';
import { lab } from './zh/lab.ts';
import { labels } from './zh/labels.ts';
import { looking } from './zh/looking.ts';
import { onnxFiles } from './zh/onnxFiles.ts';
import { options } from './zh/options.ts';
import { pairs } from './zh/pairs.ts';
import { patterns } from './zh/patterns.ts';
import { pictures } from './zh/pictures.ts';
import { plain } from './zh/plain.ts';
import { policies } from './zh/policies.ts';
import { preprocessing } from './zh/preprocessing.ts';
import { project } from './zh/project.ts';
import { reading } from './zh/reading.ts';
import { remote } from './zh/remote.ts';
import { report } from './zh/report.ts';
import { runs } from './zh/runs.ts';
import { schema } from './zh/schema.ts';
import { setup } from './zh/setup.ts';
import { shell } from './zh/shell.ts';
import { starting } from './zh/starting.ts';
import { summary } from './zh/summary.ts';
import { training } from './zh/training.ts';
import { weightFiles } from './zh/weightFiles.ts';
import { work } from './zh/work.ts';

/** All texts in simplified Chinese. */
export const CHINESE: Translated = {
  blocks,
  bundles,
  kerasBundles,
  caffeFiles,
  cluster,
  comparing,
  doubts,
  edit,
  engine,
  evaluating,
  exporting,
  exportLint,
  features,
  files,
  fineTuning,
  folders,
  folding,
  graph,
  images,
  importing,
  kerasFiles,
  lab,
  labels,
  looking,
  onnxFiles,
  options,
  pairs,
  patterns,
  pictures,
  plain,
  policies,
  preprocessing,
  project,
  reading,
  remote,
  report,
  runs,
  schema,
  setup,
  shell,
  starting,
  summary,
  training,
  weightFiles,
  work,
};
