import { z } from 'zod';
import { AppError } from '../diagnostics/appError.ts';
import { parseDocument } from '../document/parse.ts';
import type { GraphDocument } from '../document/schema.ts';
import { METADATA_KEYS } from '../export/metadata.ts';
import { message } from '../words/message.ts';
import type { ForeignModel } from './foreignModel.ts';

const namesSchema = z.array(z.string());

/**
 * The project in the metadata of a file that NormLab exported; null for other files. Throws `AppError('model-invalid')`
 * for one that does not parse.
 */
export function ownProject(metadata: Readonly<Record<string, string>>, file: string): GraphDocument | null {
  const text = metadata[METADATA_KEYS.project];
  if (text === undefined) return null;
  const parsed = parseDocument(text);
  if (parsed.ok) return parsed.document;
  throw new AppError('model-invalid', message('importing.noProject', { file, why: parsed.error.message }), {
    where: file,
  });
}

/** The class names of a model, in the order of its outputs; null where the file has none. */
export function classNamesOf(model: ForeignModel): readonly string[] | null {
  if (model.classNames !== null || model.kind === 'network') return model.classNames;
  return ownClassNames(model.metadata);
}

function ownClassNames(metadata: Readonly<Record<string, string>>): readonly string[] | null {
  const text = metadata[METADATA_KEYS.classNames];
  if (text === undefined) return null;
  try {
    return namesSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
