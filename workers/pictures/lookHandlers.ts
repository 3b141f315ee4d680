import type { LabResult } from '#core/contract/labApi.ts';
import { finiteOrNull } from './finiteOrNull.ts';
import { floatsInBase64 } from './floatsInBase64.ts';
import type { Look } from './lookSession.ts';
import type { AskedOf } from './pictureMessages.ts';
import type { PictureSession } from './pictureSession.ts';
import type { PictureTasks } from './pictureTasks.ts';

/** The calls about what the network of a session looks at. */
export function lookHandlers(session: () => Promise<PictureSession>, tasks: PictureTasks) {
  const lookAt = async (pictureId: string): Promise<{ readonly image: Uint8Array; readonly look: Look }> => {
    const opened = await session();
    return { image: opened.pixelsOf(pictureId), look: opened.look() };
  };
  return {
    map: async ({ pictureId, ...asked }: AskedOf<'picture.map'>): Promise<LabResult<'picture.map'>> => {
      const { image, look } = await lookAt(pictureId);
      const start = performance.now();
      const { height, width, values, logit } = look.map({ image, ...asked });
      const elapsedMs = performance.now() - start;
      return { map: sent([height, width], values), logit: finiteOrNull(logit), elapsedMs };
    },
    occlude: ({
      taskId,
      pictureId,
      ...asked
    }: AskedOf<'picture.occlude'>): Promise<LabResult<'picture.occlude'>> =>
      tasks.run(taskId, async (context) => {
        const { image, look } = await lookAt(pictureId);
        const start = performance.now();
        const { map, probability } = await look.occlude({ image, ...asked, ...context });
        const elapsedMs = performance.now() - start;
        return { map: sent([map.height, map.width], map.values), probability, elapsedMs };
      }),
    features: async ({
      pictureId,
      ...asked
    }: AskedOf<'picture.features'>): Promise<LabResult<'picture.features'>> => {
      const { image, look } = await lookAt(pictureId);
      const { total, shape, values } = look.features({ image, ...asked });
      return { total, features: sent(shape, values) };
    },
    filters: async (asked: AskedOf<'picture.filters'>): Promise<LabResult<'picture.filters'>> => {
      const { total, shape, values } = (await session()).look().filters(asked);
      return { total, filters: sent(shape, values) };
    },
  };
}

function sent(shape: readonly number[], values: Float32Array): { shape: number[]; values: string } {
  return { shape: [...shape], values: floatsInBase64(values) };
}
