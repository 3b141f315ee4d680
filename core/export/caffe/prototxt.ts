import { encodeUtf8 } from '../utf8.ts';
import type { BlobPlan, Settings, SettingValue } from './caffeLayer.ts';
import type { NamedLayer } from './caffePlan.ts';

/** A layer of a text, from its fields in order. */
export interface TextLayer {
  readonly name: string;
  readonly type: string;
  readonly bottoms?: readonly string[];
  readonly tops?: readonly string[];
  readonly phase?: 'TRAIN' | 'TEST';
  readonly rates?: readonly BlobPlan['rates'][];
  readonly settings?: Settings;
  /** Lines before the layer. */
  readonly comments?: readonly string[];
}

/** A `.prototxt`: comment lines, the name of the network, and its layers in protobuf's text format. */
export function writeProtoText(
  name: string,
  comments: readonly string[],
  layers: readonly TextLayer[],
): string {
  const head = [...comments.map((line) => `# ${oneLine(line)}`), `name: ${quoted(name)}`];
  return `${[...head, ...layers.flatMap(layerLines)].join('\n')}\n`;
}

/** A layer of a block; `isTraining` for the description that Caffe trains. */
export function layerOfBlock(layer: NamedLayer, isTraining: boolean): TextLayer {
  const { name, type, bottoms, settings = {}, training, blobs = [] } = layer;
  if (!isTraining) return { name, type, bottoms, settings };
  // A BatchNorm sets the rates of its statistics to 0 by itself.
  const rates = type === 'BatchNorm' ? [] : blobs.map((blob) => blob.rates);
  return {
    ...{ name, type, bottoms, rates },
    settings: training === undefined ? settings : merged(settings, training.settings),
    comments: [
      ...(training === undefined ? [] : [`${name} ${training.comment}.`]),
      ...(rates.some(([rate]) => rate === 0)
        ? [`${name}: what has lr_mult 0 stays as it is in training.`]
        : []),
    ],
  };
}

function merged(settings: Settings, more: Settings): Settings {
  const names = [...new Set([...Object.keys(settings), ...Object.keys(more)])];
  return Object.fromEntries(
    names.map((name) => [name, { ...(settings[name] as Settings), ...(more[name] as Settings) }]),
  );
}

function layerLines(layer: TextLayer): string[] {
  const { name, type, bottoms = [], tops = [name], phase, rates = [], settings = {}, comments = [] } = layer;
  return [
    ...comments.map((line) => `# ${oneLine(line)}`),
    'layer {',
    `  name: ${quoted(name)}`,
    `  type: ${quoted(type)}`,
    ...bottoms.map((bottom) => `  bottom: ${quoted(bottom)}`),
    ...tops.map((top) => `  top: ${quoted(top)}`),
    ...(phase === undefined ? [] : [`  include { phase: ${phase} }`]),
    ...rates.map(([rate, decay]) => `  param { lr_mult: ${String(rate)} decay_mult: ${String(decay)} }`),
    ...settingLines(settings, '  '),
    '}',
  ];
}

function settingLines(settings: Settings, indent: string): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (Array.isArray(value)) return value.map((each) => `${indent}${name}: ${String(each)}`);
    // `Array.isArray` does not narrow a readonly array away.
    const single = value as SettingValue;
    if (typeof single !== 'object') return [`${indent}${name}: ${plain(single)}`];
    const inside = settingLines(single, `${indent}  `);
    return inside.length === 0 ? [] : [`${indent}${name} {`, ...inside, `${indent}}`];
  });
}

/** Names of enums have capitals and no quotes; other texts are quoted. */
function plain(value: number | boolean | string): string {
  return typeof value !== 'string' || /^[A-Z]+$/u.test(value) ? String(value) : quoted(value);
}

/** A text of protobuf in ASCII: other characters are octal escapes of their UTF-8 bytes. */
function quoted(text: string): string {
  const bytes = Array.from(encodeUtf8(text), (byte) => {
    const char = String.fromCharCode(byte);
    const isPlain = byte >= 0x20 && byte < 0x7f && char !== '"' && char !== '\\';
    return isPlain ? char : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${bytes.join('')}"`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ');
}
