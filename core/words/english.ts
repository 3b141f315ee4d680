import { blocks } from './en/blocks.ts';
import { bundles } from './en/bundles.ts';
import { kerasBundles } from './en/kerasBundles.ts';
import { caffeFiles } from './en/caffeFiles.ts';
import { cluster } from './en/cluster.ts';
import { comparing } from './en/comparing.ts';
import { doubts } from './en/doubts.ts';
import { edit } from './en/edit.ts';
import { engine } from './en/engine.ts';
import { evaluating } from './en/evaluating.ts';
import { exporting } from './en/exporting.ts';
import { exportLint } from './en/exportLint.ts';
import { features } from './en/features.ts';
import { files } from './en/files.ts';
import { fineTuning } from './en/fineTuning.ts';
import { folders } from './en/folders.ts';
import { folding } from './en/folding.ts';
import { graph } from './en/graph.ts';
import { images } from './en/images.ts';
import { importing } from './en/importing.ts';
import { kerasFiles } from './en/kerasFiles.ts';
import { lab } from './en/lab.ts';
import { labels } from './en/labels.ts';
import { looking } from './en/looking.ts';
import { onnxFiles } from './en/onnxFiles.ts';
import { options } from './en/options.ts';
import { pairs } from './en/pairs.ts';
import { patterns } from './en/patterns.ts';
import { pictures } from './en/pictures.ts';
import { plain } from './en/plain.ts';
import { policies } from './en/policies.ts';
import { preprocessing } from './en/preprocessing.ts';
import { project } from './en/project.ts';
import { reading } from './en/reading.ts';
import { remote } from './en/remote.ts';
import { report } from './en/report.ts';
import { runs } from './en/runs.ts';
import { schema } from './en/schema.ts';
import { setup } from './en/setup.ts';
import { shell } from './en/shell.ts';
import { starting } from './en/starting.ts';
import { summary } from './en/summary.ts';
import { training } from './en/training.ts';
import { weightFiles } from './en/weightFiles.ts';
import { work } from './en/work.ts';

/** All English texts by subject and name: `message('plain.asIs', …)` is `asIs` in `en/plain.ts`. */
export const ENGLISH = {
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

type English = typeof ENGLISH;

/** `subject.name` of a text. */
export type MessageKey = {
  [Subject in keyof English]: `${Subject}.${keyof English[Subject] & string}`;
}[keyof English];

/** The English text under a key, as a type. */
export type EnglishText<Key extends MessageKey> =
  Key extends `${infer Subject extends keyof English}.${infer Name}`
    ? Name extends keyof English[Subject]
      ? English[Subject][Name]
      : never
    : never;

/** The texts of one subject in another language, under the same names. */
export type Translation<Texts> = Readonly<Record<keyof Texts, string>>;

/** All texts in another language. */
export type Translated = { readonly [Subject in keyof English]: Translation<English[Subject]> };
