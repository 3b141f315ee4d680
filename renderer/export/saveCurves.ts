import type { MetricEvent } from '#core/contract/metricEvent.ts';
import type { RunState } from '#core/contract/run.ts';
import type { CurveFormat } from '#core/curves/curveFormats.ts';
import { EventFileWriter } from '#core/curves/eventFile.ts';
import { metricsCsv } from '#core/curves/metricsCsv.ts';
import { download } from '../files/download.ts';
import type { Lab } from '../client/useLab.ts';
import { toFileName } from '../files/fileNames.ts';
import { readMetrics } from '../runs/readMetrics.ts';

type SavedRun = Pick<RunState, 'runId' | 'name' | 'startedAt'>;

/** Saves all figures of a run: as a table, or as an event file that TensorBoard finds in any folder. */
export function saveCurves(lab: Lab, run: SavedRun, format: CurveFormat): Promise<void> {
  return format === 'csv' ? saveTable(lab, run) : saveEventFile(lab, run);
}

async function saveTable(lab: Lab, { runId, name }: SavedRun): Promise<void> {
  const all: MetricEvent[] = [];
  for await (const events of readMetrics(lab, runId)) for (const event of events) all.push(event);
  download(`${toFileName(name)}.csv`, new Blob([metricsCsv(name, all)], { type: 'text/csv' }));
}

async function saveEventFile(lab: Lab, { runId, name, startedAt }: SavedRun): Promise<void> {
  const start = startedAt ?? 0;
  const writer = new EventFileWriter(start);
  const parts = [writer.head()];
  for await (const events of readMetrics(lab, runId))
    for (const event of events) parts.push(writer.records(event));
  const file = `events.out.tfevents.${String(Math.floor(start / 1000))}.${toFileName(name)}`;
  download(file, new Blob(parts, { type: 'application/octet-stream' }));
}
