import { expect, it } from 'vitest';
import { builderConfiguration } from './electronBuilder.ts';

const resourcesOf = (models: string | null): readonly unknown[] => {
  const { extraResources } = builderConfiguration({ electronDist: null, models });
  if (!Array.isArray(extraResources)) throw new Error('no list of resources');
  return extraResources;
};

it('puts fetched models beside the app, without what is still being fetched', () => {
  expect(resourcesOf('build/out/models')).toContainEqual({
    ...{ from: 'build/out/models', to: 'models', filter: ['**/*', '!.*/**'] },
  });
});

it('leaves them out where there are none', () => {
  expect(resourcesOf(null)).toHaveLength(resourcesOf('x').length - 1);
});
