import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { useLayoutStore } from '../app/layoutStore.ts';
import { useProjectStore } from '../project/projectStore.ts';
import { useSelectionStore } from '../editor/state/selectionStore.ts';
import { useRevealBlock } from './useRevealBlock.ts';

describe('from the figures of a block to the block', () => {
  beforeEach(() => {
    setActivePinia(createPinia());
    useProjectStore().open(instantiateTemplate('mnist-cnn-bn'));
  });

  it('selects it and asks the canvas to show it, out of the way of a dock of full height', () => {
    useLayoutStore().isDockFull = true;
    const { reveal, selected } = useRevealBlock();
    reveal('bn1');
    expect(selected.value).toBe('bn1');
    expect(useSelectionStore().revealed).toMatchObject({ node: 'bn1' });
    expect(useLayoutStore().isDockFull).toBe(false);
  });

  it('goes nowhere from a block that this project does not have', () => {
    const { known, reveal, selected } = useRevealBlock();
    expect([...known.value]).toEqual(['bn1']);
    reveal('bn9');
    expect(selected.value).toBeNull();
    expect(useSelectionStore().revealed).toBeNull();
  });
});
