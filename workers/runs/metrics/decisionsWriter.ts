import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { errnoOf, toOutputError, writeFileAtomic } from '../../files/atomicFile.ts';
import { runFolderAt } from '../folder/runFolder.ts';
import {
  decodeDecisions,
  encodeHead,
  encodeRecord,
  headBytes,
  recordBytes,
  type DecisionsHead,
  type StoredDecisions,
} from './decisionsFormat.ts';

/** Largest `decisions.bin` of a whole run; a run whose file would be larger has none. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Appends to `decisions.bin`. Epochs stay in memory until `flush`, so that validation never waits for the disk. */
export interface DecisionsWriter {
  /** Takes the classes given after an epoch, from 1, `[N]`. */
  add(epoch: number, decided: Uint32Array): void;
  /**
   * Writes the epochs in memory and waits for the disk: a checkpoint must never be newer than this file. Throws
   * `AppError` ('disk-full', …).
   */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Whether the decisions of a run of `epochs` epochs are recorded: they are up to 256 MiB. */
export function areDecisionsRecorded({ labels, classes }: DecisionsHead, epochs: number): boolean {
  const bytes = headBytes(labels.length) + epochs * recordBytes(labels.length, classes);
  return labels.length > 0 && bytes <= MOST_BYTES;
}

/**
 * Opens the file of a run whose checkpoint has finished `epoch` epochs: later ones are removed, since they will be
 * repeated. A file of other images, or a damaged one, is replaced. Throws `AppError`.
 */
export async function openDecisionsWriter(
  file: string,
  head: DecisionsHead,
  epoch: number,
): Promise<DecisionsWriter> {
  const start = await keptBytes(file, head, epoch);
  if (start === null) await writeFileAtomic(file, encodeHead(head));
  const fail = (error: unknown): never => {
    throw toOutputError(error, file);
  };
  const handle = await open(file, constants.O_RDWR).catch(fail);
  let bytes = start ?? headBytes(head.labels.length);
  let waiting: Buffer[] = [];
  await handle.truncate(bytes).catch(async (error: unknown) => {
    await handle.close();
    return fail(error);
  });
  return {
    add: (number, decided) => void waiting.push(encodeRecord(number, decided, head.classes)),
    flush: async () => {
      if (waiting.length === 0) return;
      const data = Buffer.concat(waiting);
      try {
        for (let done = 0; done < data.length;)
          done += (await handle.write(data, done, data.length - done, bytes + done)).bytesWritten;
        await handle.datasync();
      } catch (error) {
        await handle.truncate(bytes).catch(() => undefined);
        fail(error);
      }
      bytes += data.length;
      waiting = [];
    },
    close: () => handle.close(),
  };
}

/** The bytes of a file of the same images up to `epoch`; null where there is no such file. */
async function keptBytes(file: string, head: DecisionsHead, epoch: number): Promise<number | null> {
  const bytes = await readFile(file).catch(() => null);
  const found = bytes === null ? null : decodeDecisions(bytes);
  if (bytes === null || found === null) return null;
  const ownHead = encodeHead(head);
  if (!bytes.subarray(0, ownHead.length).equals(ownHead)) return null;
  const epochs = found.history.epochs.filter((each) => each <= epoch).length;
  return ownHead.length + epochs * recordBytes(head.labels.length, head.classes);
}

/**
 * The decisions that a run recorded; null for a run without the file. Throws `AppError('run-invalid')` for a damaged
 * one; an unfinished epoch at its end is no damage.
 */
export async function readDecisions(folder: string): Promise<StoredDecisions | null> {
  const file = runFolderAt(folder).files.decisions;
  const damaged = (cause?: unknown): AppError =>
    new AppError('run-invalid', message('doubts.decisionsDamaged', { file }), { where: file, cause });
  const bytes = await readFile(file).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw damaged(error);
  });
  if (bytes === null) return null;
  const found = decodeDecisions(bytes);
  if (found === null) throw damaged();
  return found.history;
}
