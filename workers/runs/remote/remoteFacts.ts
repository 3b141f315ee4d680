import path from 'node:path';
import {
  REMOTE_FILES,
  REMOTE_VERSION,
  remoteFactsSchema,
  remoteHeadSchema,
  remoteResultSchema,
  remoteStatusSchema,
  type RemoteFacts,
  type RemoteResult,
  type RemoteStatus,
} from '#core/contract/remoteRun.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { PROJECT_LIMITS } from '#core/document/limits.ts';
import { parseDocument } from '#core/document/parse.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { message } from '#core/words/message.ts';
import { damaged, readRemoteJson } from './remoteFiles.ts';

/** Bytes of the largest file with a project: every character may take four, or two where it is escaped. */
const FACTS_BYTES = 4 * PROJECT_LIMITS.textLength;
const SMALL_BYTES = 1 << 20;

/** What a run that trains elsewhere says about itself. */
export interface RemoteProject {
  readonly facts: RemoteFacts;
  readonly document: GraphDocument;
}

/**
 * Reads `normlab-remote.json` of a folder. Throws `AppError`: 'run-not-found' where there is none, 'run-invalid' for a
 * damaged one, another version, and a project that does not parse; Node's error where it cannot be read.
 */
export async function readFacts(folder: string): Promise<RemoteProject> {
  const file = path.join(folder, REMOTE_FILES.facts);
  const head = await readRemoteJson(folder, REMOTE_FILES.facts, FACTS_BYTES, remoteHeadSchema.loose());
  if (head === null)
    throw new AppError('run-not-found', message('remote.notThere', { folder, file: REMOTE_FILES.facts }), {
      where: folder,
    });
  if (head.version > REMOTE_VERSION)
    throw new AppError(
      'run-invalid',
      message('remote.newerVersion', { file, version: head.version, known: REMOTE_VERSION }),
      { where: file },
    );
  const facts = await readRemoteJson(folder, REMOTE_FILES.facts, FACTS_BYTES, remoteFactsSchema);
  if (facts === null) throw damaged(file, message('runs.cannotRead'));
  const parsed = parseDocument(facts.document);
  if (parsed.ok) return { facts, document: parsed.document };
  throw damaged(file, message('remote.noProject', { why: parsed.error.message }));
}

/** Reads `status.json`; null where there is none. Throws as `readRemoteJson`. */
export function readStatus(folder: string): Promise<RemoteStatus | null> {
  return readRemoteJson(folder, REMOTE_FILES.status, SMALL_BYTES, remoteStatusSchema);
}

/** Reads `result.json`; null where there is none. Throws as `readRemoteJson`. */
export function readRemoteResult(folder: string): Promise<RemoteResult | null> {
  return readRemoteJson(folder, REMOTE_FILES.result, SMALL_BYTES, remoteResultSchema);
}
