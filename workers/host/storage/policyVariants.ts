import type { RunProject } from '#core/contract/run.ts';
import { documentHash } from '#core/document/documentHash.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import type { RunPolicy } from '#core/nodes/batchNormPolicies.ts';
import { setRunPolicy } from '#core/rewrites/runPolicy.ts';
import { refuseIncomparable } from '#core/training/comparable.ts';
import { readRunStatus } from '../../runs/folder/runFolder.ts';
import { parseProject } from './projectFile.ts';

/** A project under one BatchNorm policy. */
export interface PolicyVariant {
  readonly policy: RunPolicy;
  readonly project: string;
  readonly about: RunProject;
}

/** The project of each run of a comparison. Throws as `parseProject` and `refuseIncomparable` do. */
export function policyVariants(request: {
  readonly project: string;
  readonly epochs: number;
  readonly policies: readonly RunPolicy[];
}): readonly PolicyVariant[] {
  const base = parseProject(request.project);
  refuseIncomparable(base, false);
  const longer = { ...base, training: { ...base.training, epochs: request.epochs } };
  return request.policies.map((policy) => {
    const document = setRunPolicy(longer, policy);
    const about = { id: document.id, name: document.name, hash: documentHash(document) };
    return { policy, project: serializeDocument(document), about };
  });
}

/** The fingerprint of a run's images, and whether it evaluated the trained weights as they came. */
export async function seriesFacts({
  folder,
}: {
  readonly folder: string;
}): Promise<{ readonly fingerprint: string | null; readonly hasStart: boolean }> {
  const status = await readRunStatus(folder);
  if (status.kind === 'none') return { fingerprint: null, hasStart: false };
  const { data, series } = status.manifest;
  return { fingerprint: data.fingerprint, hasStart: (series?.start ?? null) !== null };
}
