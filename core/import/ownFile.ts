import { z } from 'zod';
import { AppError } from '../diagnostics/appError.ts';
import { inOrder } from '../document/normalization.ts';
import { parseDocument } from '../document/parse.ts';
import type { GraphDocument } from '../document/schema.ts';
import { METADATA_KEYS } from '../export/metadata.ts';
import { message } from '../words/message.ts';
import type { ForeignModel, ForeignTensor, ForeignWeights } from './foreignModel.ts';
import type { ByteNormalization } from './withPreprocessing.ts';

const normalizationSchema = z
  .object({
    mean_bytes: z.array(z.number()),
    deviation_bytes: z.array(z.number()),
    colour: z.string().optional(),
    network_colour: z.string().optional(),
  })
  .refine(({ mean_bytes: mean, deviation_bytes: deviation }) => mean.length === deviation.length);
const namesSchema = z.array(z.string());
const modulesSchema = z.record(z.string(), z.string());

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

/**
 * The tensors of a file that NormLab exported, under the ids of their blocks: a folder for a framework has other names
 * where an id is no name there.
 */
export function ownTensors({ tensors, metadata }: ForeignWeights): readonly ForeignTensor[] {
  const blocks = new Map<string, string>();
  const modules = modulesSchema.safeParse(parsedJson(metadata[METADATA_KEYS.modules] ?? '{}'));
  for (const [block, name] of Object.entries(modules.data ?? {})) blocks.set(name, block);
  return tensors.map((tensor) => {
    const dot = tensor.name.indexOf('.');
    const block = blocks.get(tensor.name.slice(0, dot));
    return block === undefined ? tensor : { ...tensor, name: block + tensor.name.slice(dot) };
  });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Mean and deviation in the metadata of a file that NormLab exported, with all digits, in the order of the channels of
 * the network; null where there are none.
 */
export function ownNormalization(metadata: Readonly<Record<string, string>>): ByteNormalization | null {
  const { data } = normalizationSchema.safeParse(parsedJson(metadata[METADATA_KEYS.preprocessing] ?? 'null'));
  if (data === undefined) return null;
  const { mean_bytes: mean, deviation_bytes: deviation, colour, network_colour: ofNetwork = colour } = data;
  // A file that normalizes takes RGB and reverses the channels itself; the metadata has the order of its input.
  return inOrder({ mean, deviation }, ofNetwork === colour ? 'rgb' : 'bgr');
}

/** The class names in the metadata of a file that NormLab exported; null where there are none. */
export function ownClassNames(metadata: Readonly<Record<string, string>>): readonly string[] | null {
  const text = metadata[METADATA_KEYS.classNames];
  if (text === undefined) return null;
  try {
    return namesSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
