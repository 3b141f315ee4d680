import type { Recognized } from './recognizeArchitecture.ts';

/** timm's converted models whose tensors have the names of its own: `tf_efficientnet_lite0.in1k`. */
const VARIANT = /(?<![a-z0-9])tf_(?:efficientnet_lite0|efficientnet_b0|mobilenetv3_large_100)(?![0-9])/u;

/** The entries in which timm's checkpoints have the name of their model. */
const ENTRIES = ['arch', 'architecture', 'model', 'model_name'];

/**
 * The name of the `tf_` variant that a file calls itself, by its own name or its metadata; null where it was recognized
 * in another naming, or names none. Its padding and epsilon are others than those it was recognized with.
 */
export function tensorFlowVariant(
  { naming }: Pick<Recognized, 'naming'>,
  file: string,
  metadata: Readonly<Record<string, string>>,
): string | null {
  if (naming.name !== 'timm') return null;
  const texts = [file, ...ENTRIES.map((entry) => metadata[entry] ?? '')];
  return texts.flatMap((text) => VARIANT.exec(text.toLowerCase())?.[0] ?? []).at(0) ?? null;
}
