import type { Session } from '#core/backend/backend.ts';
import type { Cut } from '#core/compile/networkPart.ts';

/**
 * True where the moving averages of a prefix's weights differ from the weights: validation then needs features of its
 * own. Averages of frozen weights stay equal to them, unless the run started from other ones.
 */
export function hasOwnAverages(
  { blocks }: Cut,
  { layout, state }: Pick<Session, 'layout' | 'state'>,
): boolean {
  const { averageOffset, parameters, statistics } = layout;
  if (averageOffset === undefined) return false;
  const prefix = new Set<string>(blocks);
  return [...parameters, ...statistics]
    .filter(({ node }) => prefix.has(node))
    .some(({ offset, size }) => {
      const averages = state.subarray(averageOffset + offset, averageOffset + offset + size);
      return averages.some((value, at) => value !== state[offset + at]);
    });
}
