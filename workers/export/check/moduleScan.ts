/*
 * What model.py declares, read from its text alone: a scanner of the lines `self.NAME = MODULE(...)` of `__init__`,
 * written from the documentation of torch.nn and sharing no line with the writer.
 */

/** A tensor of a module: its name in the state dict, and its shape. */
export type DeclaredTensors = ReadonlyMap<string, readonly number[]>;

interface Call {
  readonly callee: string;
  readonly positional: readonly string[];
  readonly named: ReadonlyMap<string, string>;
}

type Declare = (call: Call) => Readonly<Record<string, readonly number[]>>;

const isOff = ({ named }: Call, name: string): boolean => named.get(name) === 'False';
const numberAt = ({ positional }: Call, at: number): number => numberOf(positional[at]);

function numberOf(text: string | undefined): number {
  if (text === undefined || !/^\d+$/.test(text)) throw new Error(`model.py has no number at ${String(text)}`);
  return Number(text);
}

/** `3`, `(3, 5)` and `[3, 5]`. */
function numbersOf(text = ''): number[] {
  return text
    .replace(/[()[\]]/g, '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => numberOf(part.trim()));
}

function kernelAt(call: Call): readonly [number, number] {
  const [height = 0, width = height] = numbersOf(call.positional[2]);
  return [height, width];
}

function groupsOf({ named }: Call): number {
  return numberOf(named.get('groups') ?? '1');
}

function withBias(call: Call, weight: readonly number[], outputs: number): Record<string, readonly number[]> {
  return isOff(call, 'bias') ? { weight } : { weight, bias: [outputs] };
}

function affine(shape: readonly number[], isThere: boolean): Record<string, readonly number[]> {
  return isThere ? { weight: shape, bias: shape } : {};
}

const batchNorm: Declare = (call) => {
  const shape = [numberAt(call, 0)];
  return {
    ...affine(shape, !isOff(call, 'affine')),
    ...{ running_mean: shape, running_var: shape, num_batches_tracked: [] },
  };
};
const layerNorm: Declare = (call) =>
  affine(numbersOf(call.positional[0]), !isOff(call, 'elementwise_affine'));

/** Tensors of the modules that have any, by their class. */
const CLASSES: Readonly<Record<string, Declare>> = {
  'nn.Conv2d': (call) =>
    withBias(
      call,
      [numberAt(call, 1), numberAt(call, 0) / groupsOf(call), ...kernelAt(call)],
      numberAt(call, 1),
    ),
  'nn.ConvTranspose2d': (call) =>
    withBias(
      call,
      [numberAt(call, 0), numberAt(call, 1) / groupsOf(call), ...kernelAt(call)],
      numberAt(call, 1),
    ),
  'nn.Linear': (call) => withBias(call, [numberAt(call, 1), numberAt(call, 0)], numberAt(call, 1)),
  'nn.BatchNorm1d': batchNorm,
  'nn.BatchNorm2d': batchNorm,
  'nn.LayerNorm': layerNorm,
  ChannelLayerNorm: layerNorm,
  'nn.GroupNorm': (call) => affine([numberAt(call, 1)], !isOff(call, 'affine')),
  'nn.InstanceNorm2d': (call) => affine([numberAt(call, 0)], call.named.get('affine') === 'True'),
  'nn.PReLU': (call) => ({ weight: [numberAt(call, 0)] }),
};

const MODULE = /^ {8}self\.([A-Za-z_]\w*) = ([\w.]+)\((.*?)\)(?: {2}#.*)?$/;
const REMOVED = /^ {8}self\.([A-Za-z_]\w*)\.(\w+) = None$/;

/** Names and shapes of the state dict of the `Network` in the text of a model.py. Throws for lines it cannot read. */
export function declaredTensors(source: string): DeclaredTensors {
  const tensors = new Map<string, readonly number[]>();
  for (const line of initOf(source)) {
    const [, owner, attribute] = REMOVED.exec(line) ?? [];
    if (owner !== undefined && attribute !== undefined) {
      if (!tensors.delete(`${owner}.${attribute}`)) throw new Error(`model.py removes nothing: ${line}`);
      continue;
    }
    const [, name, callee, text] = MODULE.exec(line) ?? [];
    if (name === undefined || callee === undefined) throw new Error(`model.py has another line: ${line}`);
    const shapes = CLASSES[callee]?.(readCall(callee, text ?? '')) ?? {};
    for (const [field, shape] of Object.entries(shapes)) {
      if (tensors.has(`${name}.${field}`)) throw new Error(`model.py declares ${name} twice`);
      tensors.set(`${name}.${field}`, shape);
    }
  }
  return tensors;
}

/** The lines of `__init__` of `Network`, after the call of `super`. */
function initOf(source: string): string[] {
  const lines = source.split('\n');
  const start = lines.indexOf('    def __init__(self):', lines.indexOf('class Network(nn.Module):'));
  const end = lines.indexOf('', start);
  if (start < 0 || lines[start + 1] !== '        super().__init__()') throw new Error('no class Network');
  return lines.slice(start + 2, end);
}

/** Splits the arguments at the commas that are in no parentheses. */
function readCall(callee: string, text: string): Call {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const letter of text) {
    if ('([{'.includes(letter)) depth += 1;
    if (')]}'.includes(letter)) depth -= 1;
    if (letter === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += letter;
  }
  if (part.trim() !== '') parts.push(part.trim());
  const named = parts.filter((each) => /^\w+=/.test(each)).map((each) => each.split('='));
  return {
    callee,
    positional: parts.filter((each) => !/^\w+=/.test(each)),
    named: new Map(named.map(([name = '', value = '']) => [name, value])),
  };
}
