import type { RunState } from '#core/contract/run.ts';
import { EPOCH_COLUMNS, STEP_COLUMNS, type RunSeries } from '../../series/runSeries.ts';
import { formatDuration, formatShare, formatValue } from '../../text/formatDuration.ts';

interface RunRow {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly help?: string | undefined;
}

interface RunRowFormats {
  /** How long ago a moment was; milliseconds since 1970. */
  ago(ms: number): string;
  count(value: number): string;
  date(ms: number): string;
  t(key: string, values?: Record<string, unknown>): string;
}

/** The values of a run, line by line; `series` null: its metrics are not loaded. */
export function runRows(run: RunState, series: RunSeries | null, format: RunRowFormats): RunRow[] {
  const { t } = format;
  const none = t('training.run.none');
  const best = series?.best ?? null;
  const statistics = series?.statistics ?? null;
  const last = (value: number | undefined): string => formatValue(value ?? NaN);
  const rows = [
    { name: 'step', label: t('training.run.step'), value: stepFigure(run, format) },
    {
      name: 'valAccuracy',
      label: t('training.run.valAccuracy'),
      value: formatShare(series?.epochs.last(EPOCH_COLUMNS.valAccuracy) ?? null),
    },
    {
      name: 'best',
      label: best ? t('training.run.best', { epoch: best.epoch }) : t('training.run.bestNone'),
      value: formatShare(best?.valAccuracy ?? null),
    },
    { name: 'loss', label: t('training.run.loss'), value: last(series?.steps.last(STEP_COLUMNS.loss)) },
    { name: 'lr', label: t('training.run.lr'), value: last(series?.steps.last(STEP_COLUMNS.lr)) },
    {
      name: 'warmedUp',
      label: t('training.run.warmedUp'),
      value: statistics ? `${Math.round(statistics.warmedUp * 100)} %` : none,
    },
    {
      name: 'drift',
      label: t('training.run.drift'),
      value: statistics ? `${formatValue(statistics.largestDrift, 2)} σ` : none,
      help: statistics ? t('training.run.driftHelp', { node: statistics.largestNode }) : undefined,
    },
    {
      name: 'checkpoint',
      label: t('training.run.checkpoint'),
      value: run.lastCheckpointAt === null ? none : format.ago(run.lastCheckpointAt),
      help: run.lastCheckpointAt === null ? undefined : format.date(run.lastCheckpointAt),
    },
    { name: 'duration', label: t('training.run.duration'), value: duration(run, series) ?? none },
    {
      name: 'started',
      label: t('training.run.started'),
      value: run.startedAt === null ? none : format.date(run.startedAt),
    },
  ];
  // The checkpoints of a run that trains elsewhere stay there.
  return run.remote === undefined ? rows : rows.filter(({ name }) => name !== 'checkpoint');
}

function stepFigure({ step, steps }: RunState, { count, t }: RunRowFormats): string {
  if (steps === 0) return t('training.run.none');
  return t('training.run.stepOf', { step: count(step), steps: count(steps) });
}

/** Time spent training, without pauses; null before the first step. */
function duration({ result }: RunState, series: RunSeries | null): string | null {
  const ms = result === null ? (series?.steps.lastX('time') ?? NaN) : result.seconds * 1000;
  return Number.isFinite(ms) ? formatDuration(ms) : null;
}
