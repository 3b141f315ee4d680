import type { LabParams, LabResult } from '#core/contract/labApi.ts';
import type { RunState } from '#core/contract/run.ts';
import { formatOf, type ExportFormat } from '#core/export/formats.ts';
import type { AppErrorData } from '#core/diagnostics/appError.ts';
import type { Work } from '../runs/work.ts';
import { isFileName, toFileName } from '../files/fileNames.ts';

export type ExportResult = LabResult<'run.export'>;
/** The run, the format and the destination of an export. */
export type ExportOrder = Omit<LabParams<'run.export'>, 'exportId' | 'overwrite'>;

/** The states of one export. */
export type ExportState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly exportId: string; readonly work: Work }
  /** A file of that name exists. */
  | { readonly kind: 'asking'; readonly order: ExportOrder; readonly path: string }
  | { readonly kind: 'done'; readonly result: ExportResult }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** A name that the user typed for the file of a run. */
export interface TypedName {
  readonly runId: string;
  readonly text: string;
}

/** The name in the field: it follows run and format, unless a name was typed for this very run. */
export function nameFor(run: RunState | undefined, format: ExportFormat, typed: TypedName | null): string {
  return typed !== null && typed.runId === run?.runId ? typed.text : suggestedName(run?.name ?? '', format);
}

/** Changes a typed name to the ending of another format; null, which follows the format anyway, is unchanged. */
export function withFormat(
  typed: TypedName | null,
  former: ExportFormat,
  next: ExportFormat,
): TypedName | null {
  const { ending } = formatOf(former);
  if (!typed?.text.endsWith(ending)) return typed;
  return { ...typed, text: `${typed.text.slice(0, -ending.length)}${formatOf(next).ending}` };
}

/** `garden birds` -> `garden birds.onnx`, or `garden birds-pytorch` for a folder. */
export function suggestedName(runName: string, format: ExportFormat): string {
  return `${toFileName(runName)}${formatOf(format).ending}`;
}

/** The name of the written file, with the format's ending, or of the folder; null for an invalid name. */
export function exportName(typed: string, format: ExportFormat): string | null {
  const name = typed.trim();
  if (!isFileName(name)) return null;
  const { kind, ending } = formatOf(format);
  const full = kind === 'folder' || name.endsWith(ending) ? name : `${name}${ending}`;
  return isFileName(full) ? full : null;
}
