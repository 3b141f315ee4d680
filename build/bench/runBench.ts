import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { X86_LEVELS, type X86Level } from '#core/contract/engineProblem.ts';
import { medianSample, ratiosOf, tableOf, type Comparison } from './compare.ts';
import {
  measureOurs,
  measureTorch,
  torchVersion,
  type Measuring,
  type Sample,
  type TorchMode,
} from './measure.ts';
import { NETWORKS, type BenchNetwork } from './networks.ts';

const USAGE = `npm run bench -- [--python COMMAND] [--networks a,b] [--rounds N] [--seconds S] [--threads N]
  [--inference] [--batch N] [--cpu LEVEL] [--json]

Times steps of the built-in networks beside PyTorch, in turn and several times over, and prints the medians.
--python: the interpreter that has torch, a command of several words if need be (default python3)
--networks: some of ${NETWORKS.map(({ label }) => label).join(', ')}
--rounds: measurements of each (3); --seconds: time of each (4); --threads: compute threads (all cores)
--inference: time the forward pass with frozen statistics; --batch: images in a batch, for all networks
--cpu: limit both to the instructions of v2, v3 (AVX2), v4 (AVX-512) or amx; PyTorch's bf16 is not timed below v4`;

interface Settings extends Measuring {
  readonly python: readonly string[] | null;
  readonly rounds: number;
}

function compareOn(net: BenchNetwork, settings: Settings): Comparison {
  const samples = new Map<string, Sample[]>();
  const keep = (name: string, sample: Sample): void => {
    samples.set(name, [...(samples.get(name) ?? []), sample]);
    console.error(`${net.label} ${name}: ${sample.ms.toPrecision(3)} ms, ${sample.by}`);
  };
  const { python, rounds } = settings;
  const hasBf16 = settings.cpu !== 'v2' && settings.cpu !== 'v3';
  for (let round = 0; round < rounds; round += 1) {
    keep('f32', measureOurs(net, 'f32', settings));
    if (python) keep('torch f32', measureTorch(python, net, 'f32', settings));
    keep('auto', measureOurs(net, 'auto', settings));
    if (python && hasBf16) keep('torch bf16-nhwc', measureTorch(python, net, 'bf16-nhwc', settings));
    if (python) keep('torch f32-nhwc', measureTorch(python, net, 'f32-nhwc', settings));
  }
  const median = (name: string): Sample => medianSample(samples.get(name) ?? []);
  const ours = { f32: median('f32'), auto: median('auto') };
  const mode = (name: TorchMode): Sample => median(`torch ${name}`);
  const torch = python
    ? { f32: mode('f32'), 'f32-nhwc': mode('f32-nhwc'), 'bf16-nhwc': hasBf16 ? mode('bf16-nhwc') : null }
    : null;
  const ratios = torch ? ratiosOf(ours, torch) : null;
  return { network: net.label, batch: net.batch, ours, torch, ratios };
}

function settingsOf(values: Record<string, string | boolean | undefined>): Settings {
  const positive = (name: string, fallback: number): number => {
    const given = values[name];
    const number = given === undefined ? fallback : Number(given);
    if (!(number > 0)) throw new Error(`--${name} must be a number above 0, not ${String(given)}`);
    return number;
  };
  const command = String(values['python'] ?? 'python3')
    .split(' ')
    .filter((word) => word !== '');
  const version = torchVersion(command);
  if (version === null)
    console.error(`No PyTorch behind \`${command.join(' ')}\`: ours alone. Name one with --python.`);
  return {
    python: version === null ? null : command,
    rounds: positive('rounds', 3),
    seconds: positive('seconds', 4),
    threads: positive('threads', availableParallelism()),
    isInference: values['inference'] === true,
    cpu: levelOf(values['cpu']),
  };
}

function levelOf(given: string | boolean | undefined): X86Level | null {
  if (given === undefined) return null;
  const level = X86_LEVELS.find((each) => each === given);
  if (level === undefined) throw new Error(`--cpu must be one of ${X86_LEVELS.join(', ')}`);
  return level;
}

function chosenNetworks(list: string | undefined): readonly BenchNetwork[] {
  if (list === undefined) return NETWORKS;
  return list.split(',').map((label) => {
    const found = NETWORKS.find((net) => net.label === label.trim());
    if (found === undefined) throw new Error(`There is no network '${label}'. ${USAGE}`);
    return found;
  });
}

try {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      python: string,
      networks: string,
      rounds: string,
      seconds: string,
      threads: string,
      batch: string,
      cpu: string,
      inference: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) console.log(USAGE);
  else {
    const networks = chosenNetworks(values.networks).map((net) =>
      values.batch === undefined ? net : { ...net, batch: Number(values.batch) },
    );
    const settings = settingsOf(values);
    const rows = networks.map((net) => compareOn(net, settings));
    console.log(values.json ? JSON.stringify(rows) : tableOf(rows));
  }
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause));
  process.exitCode = 2;
}
