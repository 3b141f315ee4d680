import type { RunDetails } from '#core/contract/runAbout.ts';
import type { RunState } from '#core/contract/run.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';

/** One line of a run's settings: its name under `training.run.settings`, and its value. */
interface SettingRow {
  readonly name: string;
  readonly value: string;
  /** The full text of a value that is shortened where it is long. */
  readonly title?: string;
}

interface SettingFormats {
  count(value: number): string;
  value(value: number): string;
  t(key: string, values?: Record<string, string>): string;
  /** A path with its invisible characters made visible. */
  path(path: string): string;
}

/** The settings of a run, line by line: those in which runs most often differ. */
export function settingRows(
  run: Pick<RunState, 'precision' | 'threads' | 'backend' | 'remote' | 'origin'>,
  document: GraphDocument,
  details: RunDetails,
  { count, value, t, path }: SettingFormats,
): SettingRow[] {
  const { training, graph } = document;
  const parameters = checkGraph(graph).graph?.parameterCount ?? 0;
  const blocks = Object.keys(graph.nodes).length;
  const images = { train: count(details.trainImages), validation: count(details.validationImages) };
  const compute = { precision: run.precision, threads: count(run.threads) };
  const batch = training.accumulate > 1 ? `${count(training.accumulate)} × ` : '';
  // The description of the native engine consists of names.
  const engine =
    run.backend === 'reference' ? t('training.run.referenceBackend') : details.backendDescription;
  return [
    {
      name: 'network',
      value: t('training.run.settings.networkValue', {
        blocks: count(blocks),
        parameters: count(parameters),
      }),
    },
    { name: 'images', value: t('training.plan.imagesValue', images) },
    { name: 'classes', value: count(details.classes) },
    { name: 'epochs', value: count(training.epochs) },
    { name: 'batchSize', value: `${batch}${count(training.batchSize)}` },
    { name: 'optimizer', value: t(`editor.training.optimizer.options.${training.optimizer.kind}`) },
    {
      name: 'learningRate',
      value: `${value(training.learningRate)} · ${t(`editor.training.schedule.options.${training.schedule.kind}`)}`,
    },
    { name: 'seed', value: String(training.seed) },
    // Of a run that was trained elsewhere, its card says on what.
    ...(run.remote === undefined && run.origin === undefined
      ? [{ name: 'compute', value: t('training.plan.precisionValue', compute) }]
      : []),
    { name: 'engine', value: engine, title: engine },
    ...(details.trainFolder === null
      ? []
      : [{ name: 'folder', value: path(details.trainFolder), title: path(details.trainFolder) }]),
  ];
}
