import { z } from 'zod';

const CLUSTER_FORMAT = 'normlab-cluster';
/** The name of the manifest in a project folder. */
export const CLUSTER_MANIFEST = 'normlab.json';

/** `normlab.json` of a project for a cluster: what the folder consists of. */
const clusterManifestSchema = z.object({
  format: z.literal(CLUSTER_FORMAT),
  version: z.literal(1),
  normlab_version: z.string(),
  project_name: z.string(),
  files: z.record(
    z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/),
    z.object({
      bytes: z.number().int().min(0),
      /** Lowercase hexadecimal digits. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
type ClusterManifest = z.infer<typeof clusterManifestSchema>;

/** The manifest's text from the description of each file. */
export function clusterManifest(
  facts: Pick<ClusterManifest, 'normlab_version' | 'project_name' | 'files'>,
): string {
  const manifest = clusterManifestSchema.parse({ format: CLUSTER_FORMAT, version: 1, ...facts });
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The names of the files of a project folder, its manifest included; null where `text` is not such a manifest. */
export function filesOfCluster(text: string): readonly string[] | null {
  try {
    const parsed = clusterManifestSchema.safeParse(JSON.parse(text));
    return parsed.success ? [...Object.keys(parsed.data.files), CLUSTER_MANIFEST] : null;
  } catch {
    return null;
  }
}
