import { csvFile, csvRows } from '../series/metricsCsv.ts';
import { download } from '../files/download.ts';
import type { Lab } from '../client/useLab.ts';
import { toFileName } from '../files/fileNames.ts';

/** Reads all metrics of the runs from disk, not the reduced ones of the charts, and saves them as one CSV file. */
export async function saveCsv(
  lab: Lab,
  runs: readonly { readonly runId: string; readonly name: string }[],
): Promise<void> {
  const rows: string[] = [];
  for (const { runId, name } of runs) {
    for (let from = 0; ;) {
      const { events, next } = await lab.call('run.metrics', { runId, from });
      for (const row of csvRows(name, events)) rows.push(row);
      if (events.length === 0 || next <= from) break;
      from = next;
    }
  }
  const name = toFileName(runs.length === 1 ? (runs[0]?.name ?? 'runs') : 'runs');
  download(`${name}.csv`, new Blob([csvFile(rows)], { type: 'text/csv' }));
}
