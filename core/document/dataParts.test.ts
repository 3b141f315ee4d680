import { describe, expect, it } from 'vitest';
import { partsOf } from './dataParts.ts';

describe('partsOf', () => {
  it.each([
    [['train', 'val', 'test'], { train: 'train', validation: 'val', test: 'test' }],
    [['Train', 'Test'], { train: 'Train', validation: null, test: 'Test' }],
    [['training', 'valid'], { train: 'training', validation: 'valid', test: null }],
    [['train', 'valid', 'val'], { train: 'train', validation: 'val', test: null }],
  ])('takes %j apart', (folders, parts) => {
    expect(partsOf(folders)).toEqual(parts);
  });

  it.each([[['train', 'bus', 'test']], [['train']], [['val', 'test']], [[]]])(
    'sees classes in %j',
    (folders) => {
      expect(partsOf(folders)).toBeNull();
    },
  );
});
