import type { LabEvent, LabResult } from '#core/contract/labApi.ts';
import { evaluatedPicture } from './evaluatedPicture.ts';
import { finiteOrNull } from './finiteOrNull.ts';
import { floatsInBase64 } from './floatsInBase64.ts';
import { lookHandlers } from './lookHandlers.ts';
import type { LookBlock } from './lookBlocks.ts';
import type { AskedOf, AskedPicture, PictureStart } from './pictureMessages.ts';
import { openPictureSession, type PictureSession, type PictureSource } from './pictureSession.ts';
import { PictureTasks } from './pictureTasks.ts';

/** The calls that the thread of a session serves. The network is opened at the first call. */
export function pictureHandlers(start: PictureStart, tell: (event: LabEvent) => void) {
  const tasks = new PictureTasks(tell);
  let opening: Promise<PictureSession> | null = null;
  const session = async (): Promise<PictureSession> => {
    opening ??= openSession(start);
    try {
      return await opening;
    } catch (error) {
      opening = null;
      throw error;
    }
  };
  return {
    ...lookHandlers(session, tasks),
    open: async (): Promise<LabResult<'picture.open'>> => describe(await session()),
    show: async (picture: AskedPicture): Promise<LabResult<'picture.show'>> =>
      show(await session(), await sourceOf(picture, start)),
    classify: ({ taskId, ...asked }: AskedOf<'picture.classify'>): Promise<LabResult<'picture.classify'>> =>
      tasks.run(taskId, async (context) => {
        const { answers, companions } = await (await session()).classify(asked, context);
        const plain = answers.map(({ logits, probabilities }) => ({
          logits: logits.map(finiteOrNull),
          probabilities: probabilities.map(finiteOrNull),
        }));
        return { answers: plain, companions };
      }),
    cancel: ({ taskId }: { taskId: string }): void => tasks.cancel(taskId),
    /** Cancels all work and frees the network; resolves when that is done. */
    close: async (): Promise<void> => {
      await tasks.close();
      await (await opening?.catch(() => null))?.close();
      opening = null;
    },
  };
}
export type PictureHandlers = ReturnType<typeof pictureHandlers>;

function openSession({ run, cacheFolder, checkpoint, weights }: PictureStart): Promise<PictureSession> {
  const asked = { ...(checkpoint && { checkpoint }), ...(weights && { weights }) };
  return openPictureSession({ run, cacheFolder, ...asked });
}

async function sourceOf(picture: AskedPicture, { cacheFolder }: PictureStart): Promise<PictureSource> {
  switch (picture.kind) {
    case 'file':
      return picture;
    case 'bytes':
      return { kind: 'bytes', name: picture.name, bytes: Buffer.from(picture.base64, 'base64') };
    case 'evaluated': {
      const { run, id, image } = picture;
      return { kind: 'file', path: await evaluatedPicture({ run, cacheFolder }, id, image) };
    }
  }
}

async function show(session: PictureSession, source: PictureSource): Promise<LabResult<'picture.show'>> {
  const { pixels, tensor, ...shown } = await session.show(source);
  const { channels, height, width } = session.model.preprocessing;
  return {
    ...shown,
    bytes: Buffer.from(pixels).toString('base64'),
    tensor: { shape: [channels, height, width], values: floatsInBase64(tensor) },
  };
}

function describe(session: PictureSession): LabResult<'picture.open'> {
  const { model, hasBatchNorm, statistics } = session;
  const { channels, height, width } = model.preprocessing;
  return {
    classNames: [...model.classNames],
    input: { channels, height, width },
    ...{ hasBatchNorm, statistics },
    blocks: session.look().blocks().map(plainBlock),
  };
}

function plainBlock({ filters, ...block }: LookBlock): LabResult<'picture.open'>['blocks'][number] {
  return { ...block, filters: filters === null ? null : [...filters] };
}
