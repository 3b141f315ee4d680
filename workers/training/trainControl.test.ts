import { describe, expect, it } from 'vitest';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { openEventStream } from './eventStream.ts';
import { startClock } from './runClock.ts';
import { refuseOtherSettings } from './settingsConflict.ts';
import { createTrainControl } from './trainControl.ts';
import type { TrainEvent } from './trainEvents.ts';

describe('createTrainControl', () => {
  it('waits while paused, and ends the wait at resume and at stop', async () => {
    for (const end of ['resume', 'stop'] as const) {
      const control = createTrainControl();
      control.pause();
      expect(control.isPauseWanted).toBe(true);
      let isOver = false;
      const waiting = control.untilResumed().then(() => (isOver = true));
      await Promise.resolve();
      expect(isOver).toBe(false);
      control[end]();
      await waiting;
      expect(control.isPauseWanted).toBe(false);
      expect(control.isStopWanted).toBe(end === 'stop');
    }
  });

  it('cannot be paused once it is to stop', async () => {
    const control = createTrainControl();
    control.stop();
    control.pause();
    expect(control.isPauseWanted).toBe(false);
    await control.untilResumed();
    expect(control.signal.aborted).toBe(true);
  });
});

describe('startClock', () => {
  it('leaves pauses out and goes on from the last checkpoint', () => {
    let now = 100;
    const clock = startClock(
      { elapsedMs: 1000, trainedImages: 10, trainingMs: 500, dataWaitMs: 7 },
      () => now,
    );
    clock.beginStep();
    clock.addWait(20);
    now = 150;
    expect(clock.endStep(8)).toBe(50);
    clock.pause();
    now = 5000;
    expect(clock.elapsedMs()).toBe(1050);
    clock.resume();
    now = 5010;
    expect(clock.totals()).toEqual({ elapsedMs: 1060, trainedImages: 18, trainingMs: 550, dataWaitMs: 27 });
  });
});

describe('openEventStream', () => {
  it('numbers batches without a gap and keeps the order of events', () => {
    const told: TrainEvent[] = [];
    const stream = openEventStream((event) => told.push(event), 7);
    const event = (step: number): MetricEvent => ({ kind: 'statistics', step, layers: [] });
    for (let step = 0; step < 50; step += 1) stream.metric(event(step));
    stream.now({ type: 'phase', phase: 'paused' });
    stream.metric(event(50));
    stream.flush();
    const batches = told.filter((each) => each.type === 'metrics');
    expect(batches.length).toBeLessThan(5);
    expect(batches.flatMap(({ events }) => events.map(({ step }) => step))).toEqual(
      Array.from({ length: 51 }, (_, step) => step),
    );
    let next = 7;
    for (const { first, events } of batches) {
      expect(first).toBe(next);
      next += events.length;
    }
    expect(told.findIndex(({ type }) => type === 'phase')).toBe(batches.length - 1);
  });
});

describe('refuseOtherSettings', () => {
  const begun = tinyDocument();

  it('names the first difference', () => {
    expect(() => refuseOtherSettings('R', begun, tinyDocument({ epochs: 5 }))).toThrow(
      'The run in R was begun with other settings (training.epochs: 2, now 5)',
    );
    const graph = tinyDocument({}, 4).graph;
    expect(() => refuseOtherSettings('R', begun, { ...begun, graph })).toThrow(
      /graph\.nodes\.dense1\.params\.units: 3, now 4/,
    );
  });

  it('overlooks what does not matter to a run', () => {
    const moved = { ...begun, name: 'Other', id: tinyDocument().id, layout: { positions: {} } };
    expect(() => refuseOtherSettings('R', begun, moved)).not.toThrow();
    const nodes = Object.fromEntries(
      Object.entries(begun.graph.nodes).map(([id, { kind, params }]) => {
        const { trainWeights: _w, rateFactor: _r, ...older } = params;
        return [id, { kind, params: older }];
      }),
    );
    const earlier = { ...begun, graph: { ...begun.graph, nodes } };
    expect(() => refuseOtherSettings('R', earlier, begun)).not.toThrow();
    const elsewhere = tinyDocument({ threads: 3, precision: 'f32' });
    expect(() => refuseOtherSettings('R', begun, elsewhere)).not.toThrow();
  });
});
