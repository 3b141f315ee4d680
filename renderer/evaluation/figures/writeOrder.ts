import type { LabParams } from '#core/contract/labApi.ts';
import { isFileName, toFileName } from '../../files/fileNames.ts';

/** What can be written of an evaluation: one HTML file, or a folder of CSV and JSON files. */
export type Written = LabParams<'evaluation.write'>['what'];

const REPORT_ENDING = '.html';

/** Where something is written, as the lab is told. */
export type WriteTarget = Omit<LabParams<'evaluation.write'>, 'runId' | 'id'>;

/** `garden birds evaluation.html`, or `garden birds evaluation` for the folder of the tables. */
export function suggestedName(run: string, what: Written): string {
  return `${toFileName(run)} evaluation${what === 'report' ? REPORT_ENDING : ''}`;
}

/** The name of the written file, with its ending, or of the folder; null for an invalid name. */
export function writtenName(typed: string, what: Written): string | null {
  const name = typed.trim();
  if (!isFileName(name)) return null;
  const full =
    what === 'tables' || name.toLowerCase().endsWith(REPORT_ENDING) ? name : `${name}${REPORT_ENDING}`;
  return isFileName(full) ? full : null;
}
