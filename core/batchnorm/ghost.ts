/**
 * Returns the groups of ghost batch normalization: `max(1, floor(batch / groupSize))` groups of samples in order. The
 * remaining samples belong to the last group, so no group is smaller than `groupSize` unless the batch is. `groupSize`
 * 0: one group.
 */
export function ghostGroups(batch: number, groupSize: number): readonly { start: number; end: number }[] {
  const size = groupSize === 0 ? batch : groupSize;
  const groups = Math.max(1, Math.floor(batch / size));
  return Array.from({ length: groups }, (_, group) => ({
    start: group * size,
    end: group === groups - 1 ? batch : (group + 1) * size,
  }));
}
