import type { LabParams, LabResult } from '#core/contract/labApi.ts';
import type { RunState } from '#core/contract/run.ts';
import { formatOf, type ExportFormat } from '#core/export/formats.ts';
import type { AppErrorData } from '#core/diagnostics/appError.ts';
import type { Work } from '../runs/work.ts';
import { isFileName, toFileName } from '../files/fileNames.ts';

export type ExportResult = LabResult<'run.export'>;
/** What is exported, and to where. */
export type ExportOrder = Omit<LabParams<'run.export'>, 'exportId' | 'overwrite'>;

/** Life of one export. */
export type ExportState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly exportId: string; readonly work: Work }
  /** A file of that name is there. */
  | { readonly kind: 'asking'; readonly order: ExportOrder; readonly path: string }
  | { readonly kind: 'done'; readonly result: ExportResult }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** A name that the user typed for the file of a run. */
export interface TypedName {
  readonly runId: string;
  readonly text: string;
}

/** The name in the field: it follows run and format, but for what was typed for this very run. */
export function nameFor(run: RunState | undefined, format: ExportFormat, typed: TypedName | null): string {
  return typed !== null && typed.runId === run?.runId ? typed.text : suggestedName(run?.name ?? '', format);
}

/** A typed name with the ending of another format; null, which follows by itself, stays. */
export function withFormat(
  typed: TypedName | null,
  former: ExportFormat,
  next: ExportFormat,
): TypedName | null {
  const { ending } = formatOf(former);
  if (!typed?.text.endsWith(ending)) return typed;
  return { ...typed, text: `${typed.text.slice(0, -ending.length)}${formatOf(next).ending}` };
}

/** `garden birds` -> `garden birds.onnx`. */
export function suggestedName(runName: string, format: ExportFormat): string {
  return `${toFileName(runName)}${formatOf(format).ending}`;
}

/** The name as it is written: with the format's ending; null for one that cannot be a file's. */
export function exportName(typed: string, format: ExportFormat): string | null {
  const name = typed.trim();
  if (!isFileName(name)) return null;
  const { ending } = formatOf(format);
  const full = name.endsWith(ending) ? name : `${name}${ending}`;
  return isFileName(full) ? full : null;
}

/** `99.8 %`; whole where it is exactly whole, so that 100 % means all. */
export function formatAgreement(share: number): string {
  const percent = Math.floor(share * 1000) / 10;
  return `${share === 1 ? '100' : percent.toFixed(1)} %`;
}
