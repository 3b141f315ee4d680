import { z } from 'zod';

/** The name of the manifest in a folder of model files, and the value of its field `format`. */
export const BUNDLE_MANIFEST = 'normlab.json';
const BUNDLE_FORMAT = 'normlab-bundle';
/** A reader refuses a higher version. */
const BUNDLE_VERSION = 1;

/** Names in a bundle: files directly in the folder. */
const fileName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/);

const describedFile = z.object({
  bytes: z.number().int().min(0),
  /** Lowercase hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const facts = z.record(z.string(), z.unknown());

/**
 * `normlab.json`: what is in a folder of model files, where its statistics come from, and what its outputs must be. The
 * fields `preprocessing` to `folding` are those of the metadata in docs/formats.md.
 */
export const bundleManifestSchema = z.object({
  format: z.literal(BUNDLE_FORMAT),
  version: z.literal(BUNDLE_VERSION),
  /** The export format, such as `pytorch`. */
  target: z.string(),
  normlab_version: z.string(),
  project_name: z.string(),
  /** Class i is logit i. */
  class_names: z.array(z.string()),
  preprocessing: facts,
  /** For each BatchNorm block: epsilon, decay, variance estimator, origin of the statistics, batches seen. */
  batch_norm: facts,
  statistics: facts,
  output: facts,
  folding: facts.optional(),
  /** Name in the files of each block that has tensors. */
  modules: z.record(z.string(), z.string()),
  data: z.object({
    /** SHA-256 over the names and sizes of the training images; null where it is not known. */
    sha256: z.string().nullable(),
  }),
  golden: z.object({
    /** A safetensors file: `images` uint8 `[N, H, W, C]` in RGB or grey, `logits` float32 `[N, K]`. */
    file: fileName,
    count: z.number().int().min(1),
    /** True where the images are generated noise. */
    noise: z.boolean(),
    /** Largest difference of a logit that rounding explains. */
    tolerance: z.number().positive(),
  }),
  /** What the format expresses in another way, or not at all; in English. */
  differences: z.array(z.string()),
  /**
   * What is worth knowing about the weights: `code`, `severity`, the block under `node`, and a `message` in English.
   * Absent in folders of earlier versions.
   */
  findings: z
    .array(z.object({ code: z.string(), severity: z.string(), node: z.string(), message: z.string() }))
    .optional(),
  /** Every file of the folder except this one. */
  files: z.record(fileName, describedFile),
  /** SHA-256 of this file with `UNSEALED` in place of this value. */
  sha256: describedFile.shape.sha256,
});
export type BundleManifest = z.infer<typeof bundleManifestSchema>;

/** The digest of a manifest before it is computed. */
export const UNSEALED = '0'.repeat(64);

const anyVersion = z.object({ format: z.literal(BUNDLE_FORMAT), files: z.record(fileName, z.unknown()) });

/**
 * The names of the files that a bundle of any version consists of, its manifest included; null where `text` is not a
 * manifest of a bundle.
 */
export function filesOfBundle(text: string): readonly string[] | null {
  try {
    const parsed = anyVersion.safeParse(JSON.parse(text));
    return parsed.success ? [...Object.keys(parsed.data.files), BUNDLE_MANIFEST] : null;
  } catch {
    return null;
  }
}

/** What a manifest says beside the metadata of the model. */
export interface BundleFacts extends Pick<
  BundleManifest,
  'target' | 'modules' | 'golden' | 'differences' | 'findings' | 'files'
> {
  readonly dataSha256: string | null;
}

/** The manifest of a bundle, from the metadata of docs/formats.md (`modelMetadata`) and its own facts. */
export function bundleManifest(
  metadata: Readonly<Record<string, string>>,
  { dataSha256, ...own }: BundleFacts,
): BundleManifest {
  const parsed = (key: string): unknown => JSON.parse(metadata[`normlab.${key}`] ?? 'null');
  return bundleManifestSchema.parse({
    format: BUNDLE_FORMAT,
    version: BUNDLE_VERSION,
    normlab_version: metadata['normlab.version'],
    project_name: metadata['normlab.project_name'],
    class_names: parsed('class_names'),
    preprocessing: parsed('preprocessing'),
    batch_norm: parsed('batch_norm'),
    statistics: parsed('statistics'),
    output: parsed('output'),
    ...(metadata['normlab.folding'] === undefined ? {} : { folding: parsed('folding') }),
    data: { sha256: dataSha256 },
    ...own,
    sha256: UNSEALED,
  });
}
