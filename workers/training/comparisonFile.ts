import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { COMPARISON_FILE, comparisonSchema, type Comparison } from '#core/contract/policyComparison.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { parseDocument } from '#core/document/parse.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { policyVerdict } from '#core/training/policyVerdict.ts';
import { RUN_POLICIES, type RunPolicy } from '#core/nodes/batchNormPolicies.ts';
import { message } from '#core/words/message.ts';
import { errnoOf, toOutputError, writeFileAtomic } from '../files/atomicFile.ts';
import { makeFolders } from '../files/makeFolders.ts';
import { refuseOtherSettings } from './settingsConflict.ts';

/** The settings of a comparison. */
export interface ComparisonSettings {
  readonly document: GraphDocument;
  readonly train: string;
  readonly validation: string | null;
  readonly labels: string | null;
  /** Run whose split of the training folder is reused. */
  readonly splitFrom: string | null;
  /** Folder on which each finished run is evaluated too. */
  readonly test: string | null;
  readonly from: string | null;
  readonly policies: readonly RunPolicy[];
}

/**
 * Opens the comparison in a folder, or begins one in a new or empty folder. An existing one is continued with the
 * policies that are asked for now, besides its own. Throws `AppError`: 'arguments' where its settings, images or
 * weights are others, 'run-invalid' for a damaged file, 'output-exists' for a folder with other files, and those of
 * writing.
 */
export async function openComparison(folder: string, asked: ComparisonSettings): Promise<Comparison> {
  const file = path.join(folder, COMPARISON_FILE);
  const found = await readComparison(file);
  if (found === null) await refuseStrangers(folder);
  else refuseOther(folder, found, asked);
  const wanted = new Set([...(found?.policies ?? []), ...asked.policies]);
  const policies = RUN_POLICIES.filter((policy) => wanted.has(policy));
  const comparison: Comparison = found === null ? begun(asked, policies) : { ...found, policies };
  await writeComparison(folder, comparison);
  return comparison;
}

/** Writes `comparison.json`. Throws as `writeFileAtomic` does. */
export async function writeComparison(folder: string, comparison: Comparison): Promise<void> {
  await writeFileAtomic(path.join(folder, COMPARISON_FILE), `${JSON.stringify(comparison, null, 2)}\n`);
}

function begun(asked: ComparisonSettings, policies: RunPolicy[]): Comparison {
  const full = (place: string | null): string | null => (place === null ? null : path.resolve(place));
  return {
    ...{ format: 'normlab-comparison', version: 1, id: randomUUID(), createdAt: new Date().toISOString() },
    project: serializeDocument(asked.document),
    data: {
      trainFolder: path.resolve(asked.train),
      validationFolder: full(asked.validation),
      labels: full(asked.labels),
      splitFrom: full(asked.splitFrom),
      testFolder: full(asked.test),
    },
    from: full(asked.from),
    ...{ policies, rows: [], failures: [], verdict: policyVerdict([]) },
  };
}

async function readComparison(file: string): Promise<Comparison | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return null;
    throw damaged(file, error);
  });
  if (text === null) return null;
  try {
    return comparisonSchema.parse(JSON.parse(text));
  } catch (error) {
    throw damaged(file, error);
  }
}

/** A folder with the user's own files must not become that of a comparison. */
async function refuseStrangers(folder: string): Promise<void> {
  try {
    makeFolders(folder);
  } catch (error) {
    throw toOutputError(error, folder);
  }
  const names = await readdir(folder).catch((error: unknown) => {
    throw toOutputError(error, folder);
  });
  const stranger = names.find((name) => !name.startsWith('.'));
  if (stranger === undefined) return;
  throw new AppError('output-exists', message('policies.otherFilesThere', { folder, file: stranger }), {
    where: folder,
  });
}

/** A comparison is continued only with what it began with. */
function refuseOther(folder: string, found: Comparison, asked: ComparisonSettings): void {
  const parsed = parseDocument(found.project);
  if (!parsed.ok) throw damaged(path.join(folder, COMPARISON_FILE), null);
  refuseOtherSettings(folder, parsed.document, asked.document);
  const none = message('runs.nothing');
  const { data, from } = found;
  const begunOn = [data.trainFolder, data.validationFolder, data.labels, data.splitFrom, data.testFolder];
  const given = [asked.train, asked.validation, asked.labels, asked.splitFrom, asked.test].map(
    (place) => place && path.resolve(place),
  );
  const at = begunOn.findIndex((place, index) => place !== given[index]);
  if (at >= 0) {
    const values = { folder, begun: begunOn[at] ?? none, given: given[at] ?? none };
    throw new AppError('arguments', message('policies.otherFolder', values), { where: folder });
  }
  const start = asked.from && path.resolve(asked.from);
  if (start === from) return;
  const values = { folder, begun: from ?? none, given: start ?? none };
  throw new AppError('arguments', message('policies.otherStart', values), { where: folder });
}

function damaged(file: string, cause: unknown): AppError {
  return new AppError('run-invalid', message('policies.damaged', { file }), { where: file, cause });
}
