import { isObject } from '#core/import/keras/settings.ts';

/*
 * What model.py builds, read from its text alone by a scanner of the lines `x = layers.CLASS(…)(…)`, which shares no
 * line with the writer, and compared with config.json: the layers in order, their settings, and the layers they read.
 */

interface Called {
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly sources: readonly string[];
}

const LAYER = /^ {4}(\w+) = layers\.(\w+)\((.*?), name=("(?:[^"\\]|\\.)*")\)(?:\.output|\((.*)\))$/;
const BARE = /^ {4}(\w+) = layers\.(\w+)\(()name=("(?:[^"\\]|\\.)*")\)(?:\.output|\((.*)\))$/;
const OPERATION = /^ {4}(\w+) = ops\.(\w+)\((\w+), (.*)\)$/;

/** Settings of config.json that model.py leaves to Keras. */
const IMPLIED = new Set(['name', 'dtype']);

/** Throws where the text builds another network than the configuration describes. */
export function requireSameLayers(source: string, config: unknown): void {
  const built = scan(source);
  const described = describe(config);
  const [one, other] = [built, described].map((layers) => layers.map((each) => JSON.stringify(sorted(each))));
  const differs = one?.findIndex((text, at) => text !== other?.[at]) ?? 0;
  if (differs >= 0 || built.length !== described.length)
    throw new Error(`model.py and config.json differ in layer ${String(differs)}: ${String(one?.[differs])}`);
}

function sorted({ kind, settings, sources }: Called): object {
  const entries = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return { kind: kind.toLowerCase(), settings: entries, sources };
}

function scan(source: string): readonly Called[] {
  const lines = source.split('\n');
  const start = lines.indexOf('def build_network():');
  const end = lines.findIndex((line, at) => at > start && line.startsWith('    return keras.Model('));
  if (start < 0 || end < 0) throw new Error('model.py has no build_network');
  // Which layer a variable holds the output of, by its place in the list.
  const holds = new Map<string, string>();
  return lines.slice(start + 2, end).map((line, at) => {
    const called = scanLine(line, (name) => holds.get(name) ?? '?');
    const [, variable = ''] = /^ {4}(\w+) = /.exec(line) ?? [];
    holds.set(variable, String(at));
    return called;
  });
}

function scanLine(line: string, holderOf: (variable: string) => string): Called {
  const layer = LAYER.exec(line) ?? BARE.exec(line);
  const sourcesOf = (text = ''): string[] => (text.match(/\w+/g) ?? []).map(holderOf);
  if (layer !== null) {
    const [, , kind = '', settings = '', , inputs] = layer;
    return { kind, settings: read(settings), sources: sourcesOf(inputs) };
  }
  const [, , kind, input, settings] = OPERATION.exec(line) ?? [];
  if (kind === undefined) throw new Error(`model.py has another line: ${line}`);
  return { kind, settings: read(settings ?? ''), sources: sourcesOf(input) };
}

/** The named arguments: literals of Python become JSON. */
function read(text: string): Readonly<Record<string, unknown>> {
  if (text === '') return {};
  const json = text
    .replace(/\bNone\b/g, 'null')
    .replace(/\bTrue\b/g, 'true')
    .replace(/\bFalse\b/g, 'false')
    .replace(/\(/g, '[')
    .replace(/,?\)/g, ']')
    .replace(/(^|, )([a-z_]+)=/g, '$1"$2": ');
  return JSON.parse(`{${json}}`) as Readonly<Record<string, unknown>>;
}

function describe(config: unknown): readonly Called[] {
  const inner = isObject(config) ? config['config'] : null;
  const layers: unknown = isObject(inner) ? inner['layers'] : null;
  if (!Array.isArray(layers)) throw new Error('config.json lists no layers');
  const listed = layers.filter(isObject);
  const places = new Map(listed.map(({ name }, at) => [name, String(at)]));
  return listed.map((layer) => {
    const node: unknown = Array.isArray(layer['inbound_nodes']) ? layer['inbound_nodes'][0] : undefined;
    const { args, kwargs } = isObject(node) ? node : { args: [], kwargs: {} };
    const settings = { ...asObject(layer['config']), ...asObject(kwargs) };
    return {
      kind: String(layer['class_name']),
      settings: Object.fromEntries(Object.entries(settings).filter(([key, value]) => !isImplied(key, value))),
      sources: historiesOf(args).map((name) => places.get(name) ?? '?'),
    };
  });
}

function isImplied(key: string, value: unknown): boolean {
  return IMPLIED.has(key) || (key === 'trainable' && value === true);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** Names of the layers in `keras_history`, in order. */
function historiesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(historiesOf);
  const history: unknown = asObject(asObject(value)['config'])['keras_history'];
  return Array.isArray(history) ? [history[0]] : [];
}
