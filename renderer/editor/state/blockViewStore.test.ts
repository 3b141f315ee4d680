import { createPinia, setActivePinia } from 'pinia';
import { expect, it } from 'vitest';
import { toNodeId } from '#core/diagnostics/ids.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useBlockViewStore } from './blockViewStore.ts';

it('follows the project in front, and keeps the view of a block that an edit left alone', () => {
  setActivePinia(createPinia());
  const [project, blocks] = [useProjectStore(), useBlockViewStore()];
  const conv = toNodeId('conv1');
  expect(blocks.views.size).toBe(0);
  project.open(instantiateTemplate('mnist-cnn-bn'));
  const before = blocks.views;
  project.apply({ type: 'setParam', node: conv, param: 'filters', value: 48 });
  expect(blocks.views.get(conv)?.parameterCount).toBe(48 * 10);
  expect(blocks.views.get(toNodeId('input'))).toBe(before.get(toNodeId('input')));
});
