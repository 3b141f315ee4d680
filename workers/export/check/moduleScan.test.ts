import { expect, it } from 'vitest';
import { declaredTensors } from './moduleScan.ts';

function network(...lines: readonly string[]): string {
  const body = ['super().__init__()', ...lines].map((line) => `        ${line}`);
  return ['class Network(nn.Module):', '    """Doc."""', '', '    def __init__(self):', ...body, '', ''].join(
    '\n',
  );
}

it.each<[string, Record<string, readonly number[]>]>([
  ['nn.Conv2d(6, 8, 3, groups=2)', { weight: [8, 3, 3, 3], bias: [8] }],
  ['nn.Conv2d(6, 8, (3, 5), stride=(1, 2), bias=False)', { weight: [8, 6, 3, 5] }],
  ['nn.ConvTranspose2d(6, 8, 2, padding=(1, 0), groups=2)', { weight: [6, 4, 2, 2], bias: [8] }],
  ['nn.Linear(7, 5)', { weight: [5, 7], bias: [5] }],
  ['nn.LayerNorm([3, 4, 5], eps=0.01)', { weight: [3, 4, 5], bias: [3, 4, 5] }],
  ['nn.GroupNorm(2, 8, affine=False)', {}],
  ['nn.InstanceNorm2d(4)', {}],
  ['nn.InstanceNorm2d(4, affine=True)', { weight: [4], bias: [4] }],
  ['nn.PReLU(3)', { weight: [3] }],
  ['nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())', {}],
  [
    'nn.BatchNorm2d(4, eps=0.1, momentum=None)  # trained (with) a comment',
    { weight: [4], bias: [4], running_mean: [4], running_var: [4], num_batches_tracked: [] },
  ],
])('declares the tensors of %s', (module, shapes) => {
  const named = Object.entries(shapes).map(([field, shape]) => [`one.${field}`, shape]);
  expect(Object.fromEntries(declaredTensors(network(`self.one = ${module}`)))).toEqual(
    Object.fromEntries(named),
  );
});

it('leaves out what is set to None', () => {
  const found = declaredTensors(network('self.gn = nn.GroupNorm(2, 4)', 'self.gn.bias = None'));
  expect([...found.keys()]).toEqual(['gn.weight']);
});

it.each([
  ['no class', 'class Other(nn.Module):'],
  ['another statement', network('print("hello")')],
  ['a number that is missing', network('self.a = nn.Conv2d(3, n, 3)')],
  ['a module that is there twice', network('self.a = nn.PReLU(1)', 'self.a = nn.PReLU(1)')],
  ['an attribute that is not there', network('self.a = nn.PReLU(1)', 'self.a.bias = None')],
])('refuses a text with %s', (_what, source) => {
  expect(() => declaredTensors(source)).toThrow();
});
