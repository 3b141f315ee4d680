import { csvFile, csvRows } from '#core/curves/metricsCsv.ts';
import { download } from '../files/download.ts';
import type { Lab } from '../client/useLab.ts';
import { toFileName } from '../files/fileNames.ts';
import { readMetrics } from './readMetrics.ts';

/** Saves the metrics of the runs as one CSV file. */
export async function saveCsv(
  lab: Lab,
  runs: readonly { readonly runId: string; readonly name: string }[],
): Promise<void> {
  const rows: string[] = [];
  for (const { runId, name } of runs)
    for await (const events of readMetrics(lab, runId))
      for (const row of csvRows(name, events)) rows.push(row);
  const name = toFileName(runs.length === 1 ? (runs[0]?.name ?? 'runs') : 'runs');
  download(`${name}.csv`, new Blob([csvFile(rows)], { type: 'text/csv' }));
}
