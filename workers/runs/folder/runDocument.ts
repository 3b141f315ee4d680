import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { parseDocument } from '#core/document/parse.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { message } from '#core/words/message.ts';

/** The project that the run in `folder` was trained with. Throws `AppError('run-invalid')` when it does not parse. */
export function documentOf(folder: string, manifest: RunManifest): GraphDocument {
  const parsed = parseDocument(manifest.project);
  if (parsed.ok) return parsed.document;
  throw new AppError('run-invalid', message('runs.unusable', { folder, why: parsed.error.message }), {
    where: folder,
    cause: parsed.error.message,
  });
}
