import type { EpochEvent, StepEvent } from '#core/contract/metricEvent.ts';
import type { TrainEvent, TrainPlan } from '#workers/training/trainEvents.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { drawPanel, type Panel } from './plot.ts';
import { durationText, progressBar } from './progressBar.ts';

const BAR_CELLS = 24;
const CURVE_ROWS = 8;
const MOST_PANEL_COLUMNS = 46;
/** From this width on two panels are shown side by side; a narrower terminal shows only the loss. */
const TWO_PANELS_FROM = 70;
const GAP = '   ';
/** The upper end of the loss axis is a multiple of this. */
const LOSS_TICK = 0.5;

/** State of the training, from its events so far. */
export interface DemoView {
  readonly plan: TrainPlan | null;
  readonly preparing: string;
  readonly steps: readonly StepEvent[];
  readonly epochs: readonly EpochEvent[];
}

export const EMPTY_VIEW: DemoView = { plan: null, preparing: '', steps: [], epochs: [] };

/** The view after one more event. */
export function afterEvent(view: DemoView, event: TrainEvent): DemoView {
  if (event.type === 'plan') return { ...view, plan: event };
  if (event.type === 'progress') {
    const total = event.total === null ? '' : ` of ${event.total}`;
    return { ...view, preparing: `${inEnglish(event.label)}: ${event.done}${total}` };
  }
  if (event.type !== 'metrics') return view;
  return {
    ...view,
    steps: [...view.steps, ...event.events.filter((metric) => metric.kind === 'step')],
    epochs: [...view.epochs, ...event.events.filter((metric) => metric.kind === 'epoch')],
  };
}

/** The lines of the live view, none longer than `columns`: curves, then the progress bar. */
export function frameLines(view: DemoView, columns: number): string[] {
  if (view.plan === null) return [clip(view.preparing, columns)];
  return [...curveLines(view, columns), clip(progressText(view, view.plan), columns)];
}

/** Training loss and accuracy over the whole run, side by side where there is room. */
export function curveLines(view: DemoView, columns: number): string[] {
  const isWide = columns >= TWO_PANELS_FROM;
  const width = Math.min(MOST_PANEL_COLUMNS, isWide ? Math.floor((columns - GAP.length) / 2) : columns);
  const loss = drawPanel(lossPanel(view), width, CURVE_ROWS);
  if (!isWide) return loss;
  const accuracy = drawPanel(accuracyPanel(view), width, CURVE_ROWS);
  return loss.map((line, row) => `${line.padEnd(width)}${GAP}${accuracy[row] ?? ''}`.trimEnd());
}

/** A finished epoch in one line. */
export function epochLine(event: EpochEvent, { epochs }: TrainPlan): string {
  const test = event.valAccuracy === null ? '' : `, test ${percent(event.valAccuracy)}`;
  return `epoch ${event.epoch} of ${epochs}: loss ${lossText(event.loss)}, accuracy ${percent(event.accuracy)}${test}  (${durationText(event.elapsedMs)})`;
}

/** A share as a percentage with one decimal. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function lossPanel({ steps, plan }: DemoView): Panel {
  const points = steps.flatMap(({ step, loss }) =>
    loss === null ? [] : [{ x: placeOf(step, plan), y: loss }],
  );
  const highest = points.reduce((most, { y }) => Math.max(most, y), LOSS_TICK);
  return {
    title: 'training loss',
    points,
    top: Math.ceil(highest / LOSS_TICK) * LOSS_TICK,
    label: (value) => value.toFixed(1),
  };
}

function accuracyPanel({ steps, plan }: DemoView): Panel {
  return {
    title: 'training accuracy',
    points: steps.flatMap(({ step, accuracy }) =>
      accuracy === null ? [] : [{ x: placeOf(step, plan), y: accuracy }],
    ),
    top: 1,
    label: (value) => `${Math.round(100 * value)}%`,
  };
}

/** Position of a step within the run, 0 to 1; steps count from 1. */
function placeOf(step: number, plan: TrainPlan | null): number {
  return (step - 1) / Math.max(1, (plan?.steps ?? 1) - 1);
}

function progressText({ steps }: DemoView, plan: TrainPlan): string {
  const last = steps.at(-1);
  const bar = (share: number): string => `[${progressBar(share, BAR_CELLS)}]`;
  if (last === undefined) return `${bar(0)} starting`;
  const left = (last.elapsedMs / last.step) * (plan.steps - last.step);
  return `${bar(last.step / plan.steps)} step ${last.step} of ${plan.steps}  loss ${lossText(last.loss)}  ${Math.round(last.imagesPerSecond)} images/s  ${durationText(left)} left`;
}

function lossText(loss: number | null): string {
  return loss === null ? 'not finite' : loss.toFixed(3);
}

/** Truncates to `columns`: a wrapped line would break the redrawing. */
function clip(line: string, columns: number): string {
  return line.slice(0, Math.max(0, columns));
}
