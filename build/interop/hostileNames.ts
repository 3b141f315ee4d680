import { createDocument } from '#core/document/create.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import { randomModel } from '#core/export/testing/randomModel.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { GraphBuilder } from '#core/templates/graphBuilder.ts';

/** Names of classes that break careless writers of Python, JSON, prototxt, XML, tables and paths. */
const CLASS_NAMES: readonly string[] = [
  'plain',
  'it\'s "quoted" `so`',
  '"""',
  "'''",
  'back\\slash \\n \\x41 \\',
  'two\nlines\r\nand a\rthird',
  'tab\tbell\u0007 vertical\vform\f unit\u001f',
  'line\u2028paragraph\u2029next\u0085',
  '猫と犬 – Größe – ñandú',
  'e\u0301 beside é',
  '🐈‍⬛ 👩🏽‍🔬 🇫🇷',
  'עברית العربية \u202eabc\u202c',
  '../../etc/passwd',
  'C:\\Windows\\..\\con',
  '{braces} %s %(x)d ${shell} $(id) #{ruby}',
  '</script><b>&amp;',
  '# comment: not one, a,b;c',
  'class',
  'None',
  '__proto__',
  'constructor',
  '  spaces around  ',
  ' ',
  '0',
  '-1e400',
  '\ufeffbyte order mark',
  'long '.repeat(200),
];

/** Ids that mean something in Python, in PyTorch, in Keras or in Caffe, and pairs that become the same name there. */
const BLOCK_IDS: readonly string[] = [
  ...['class', 'None', 'True', 'lambda', 'import', 'self', 'super', 'print', 'async', 'match', 'def'],
  ...['forward', 'training', 'eval', 'train', 'state_dict', 'parameters', 'modules', 'torch', 'nn', 'F', 'x'],
  ...['keras', 'numpy', 'np', 'layers', 'inputs', 'outputs', 'call', 'build', 'name', 'weights', 'Network'],
  ...['data', 'label', 'prob', 'loss', 'accuracy', 'normalize', 'images', 'logits', 'probabilities'],
  ...['a-b', 'a_b', 'a--b', 'A_b', 'class_', 'class-', 'constructor', 'toString', 'hasOwnProperty'],
  ...['conv2d', 'pad', 'gelu_2', 'x1', 'L'.repeat(64)],
];

/** A network whose classes, project, labels and blocks have hostile names; every format can express it. */
export function hostileModel(): TrainedModel {
  return { ...randomModel(hostileDocument(), 77), classNames: CLASS_NAMES };
}

function hostileDocument(): GraphDocument {
  const builder = new GraphBuilder();
  const ids = [...BLOCK_IDS];
  let row = 0;
  const add = (id: string, kind: string, sources: readonly NodeId[], params = {}): NodeId =>
    builder.add(id, kind, [0, row++], sources, params);
  let last = add('while', 'input', [], { height: 12, width: 10, channels: 3 });
  const head = ids.splice(-3);
  for (const [at, id] of ids.entries()) {
    const kind = ['conv2d', 'batchNorm', 'relu'][at % 3] ?? 'relu';
    last = add(id, kind, [last], kind === 'conv2d' ? { filters: 4, kernel: 1 + 2 * (at % 2) } : {});
  }
  const [flat = 'flat', norm = 'norm', dense = 'dense'] = head;
  last = add(dense, 'dense', [add(norm, 'batchNorm', [add(flat, 'flatten', [last])])], {
    units: CLASS_NAMES.length,
  });
  add('return', 'output', [last]);
  const { graph, positions } = builder.build();
  const nodes = Object.fromEntries(
    Object.entries(graph.nodes).map(([id, node], at) => [
      id,
      { ...node, label: `"${at}" \n\\ ''' 🐈 */ # \u2028 ${id.slice(0, 20)}` },
    ]),
  );
  const name = '"""; import os # \\ \'\'\' \n 🐈 \u202e';
  const document = createDocument(name, 'hostile');
  return { ...document, graph: { ...graph, nodes }, layout: { positions } };
}
