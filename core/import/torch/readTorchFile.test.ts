import { describe, expect, it } from 'vitest';
import { inEnglish } from '../../words/catalogues.ts';
import type { ForeignWeights } from '../foreignModel.ts';
import { ascii, concat, modelFile } from '../testing/bytes.ts';
import { refusal } from '../testing/messages.ts';
import { call, dict, global, object, persistent, pickle, raw, text, tuple } from '../testing/pickleWriter.ts';
import type { Picklable } from '../testing/pickleWriter.ts';
import { realFile, STATE_VALUES } from '../testing/realFiles.ts';
import { floats, tensor, torchStream, torchTar, torchZip } from '../testing/torchWriter.ts';
import type { StorageToWrite } from '../testing/torchWriter.ts';
import { readTorchFile } from './readTorchFile.ts';

const read = (bytes: Uint8Array<ArrayBuffer>, part?: string): ForeignWeights =>
  readTorchFile(modelFile('net.pth', bytes), part === undefined ? {} : { part });
const valuesOf = ({ tensors }: ForeignWeights): Record<string, number[]> =>
  Object.fromEntries(tensors.map((each) => [each.name, [...each.read()]]));
const notesOf = ({ notes }: ForeignWeights): string => notes.map(inEnglish).join(' ');

const storage = floats('0', [0, 1, 2, 3, 4, 5]);
const [one, two] = [floats('1', [1]), floats('2', [2])];
const all = [storage, one, two];
const zipOf = (value: Picklable, storages: readonly StorageToWrite[] = all): ForeignWeights =>
  read(torchZip(value, storages));
const refused = (value: Picklable): string => refusal(() => zipOf(value));
/** A state dict with one tensor. */
const state = (from: StorageToWrite, name = 'weight'): Picklable => dict({ [name]: tensor(from, [1]) });

describe('readTorchFile', () => {
  it('reads what PyTorch wrote, in both formats', () => {
    for (const name of ['stateDict', 'legacyStateDict'] as const) {
      const weights = read(realFile(name));
      expect(valuesOf(weights)).toEqual(STATE_VALUES);
      expect(weights.tensors.map(({ dims, dtype }) => [dtype, dims])).toEqual([
        ['f32', [2, 2]],
        ['bf16', [2]],
        ['i64', []],
        ['f32', [3, 2]],
      ]);
      expect(weights).toMatchObject({ kind: 'weights', format: 'pytorch', classNames: null, notes: [] });
    }
  });

  it('reads the tensors of a whole network that PyTorch wrote', () => {
    const weights = read(realFile('wholeNetwork'));
    expect(weights.tensors.map(({ name, dims }) => [name, dims])).toEqual([
      ['0.weight', [1, 2]],
      ['0.bias', [1]],
    ]);
    expect(notesOf(weights)).toContain('torch.nn.modules.container.Sequential');
  });

  it('executes nothing of a hostile file that PyTorch wrote', () => {
    expect(refusal(() => read(realFile('hostile')))).toMatch(
      /^model-unsupported: net.pth cannot be brought in: it is an object of posix.system.*torch.save\(model.state_dict/u,
    );
  });

  it('reads tar archives of the first versions', () => {
    const places = { a: 10, b: 11 };
    const value = dict({ a: persistent(places.a), b: persistent(String(places.b)), n: 1 });
    const tensors = [
      { key: places.a, storage, dims: [2, 3], strides: [3, 1], offset: 0 },
      { key: places.b, storage, dims: [2, 2], strides: [1, 2], offset: 1 },
    ];
    expect(valuesOf(read(torchTar(value, [storage], tensors)))).toEqual({
      a: [0, 1, 2, 3, 4, 5],
      b: [1, 3, 2, 4],
    });
    const outside = [{ key: 10, storage, dims: [7], strides: [1], offset: 0 }];
    const bytes = torchTar(dict({ a: persistent(10) }), [storage], outside);
    expect(refusal(() => read(bytes))).toMatch(/tensor a leads out/u);
  });

  it('reads views, shared storages, expanded tensors and big-endian files', () => {
    const weights = zipOf(
      dict({
        whole: tensor(storage, [2, 3]),
        transposed: tensor(storage, [3, 2], { strides: [1, 3] }),
        part: tensor(storage, [2], { strides: [3], offset: 2 }),
        expanded: tensor(storage, [3, 2], { strides: [0, 1], offset: 4 }),
        empty: tensor(storage, [0, 3]),
      }),
    );
    expect(valuesOf(weights)).toEqual({
      whole: [0, 1, 2, 3, 4, 5],
      transposed: [0, 3, 1, 4, 2, 5],
      part: [2, 5],
      expanded: [4, 5, 4, 5, 4, 5],
      empty: [],
    });
    const big = { ...one, numbers: Uint8Array.of(0x3f, 0x80, 0, 0) };
    expect(valuesOf(read(torchZip(state(big), [big], 'big')))).toEqual({ weight: [1] });
  });

  it('refuses views that lead out of their storage and sizes of 2^60', () => {
    const outside = [
      tensor(storage, [7]),
      tensor(storage, [2, 3], { strides: [4, 1] }),
      tensor(storage, [2], { offset: 5 }),
      tensor(storage, [2 ** 53 - 1]),
      tensor(storage, [2 ** 40], { strides: [0] }),
      tensor(storage, [1], { offset: 2 ** 53 - 1 }),
    ];
    for (const each of outside)
      expect(refused(dict({ w: each }))).toMatch(/^model-invalid: .*tensor w leads out/u);
    const wrong = [
      tensor(storage, [2n ** 60n]),
      tensor(storage, [2], { strides: [2n ** 60n] }),
      tensor(storage, [2], { offset: 2n ** 60n }),
      tensor(storage, [2], { strides: [-1] }),
      tensor(storage, [1.5]),
      tensor(storage, [2], { strides: [1, 1] }),
      tensor(
        storage,
        Array.from({ length: 65 }, () => 1),
      ),
    ];
    for (const each of wrong)
      expect(refused(dict({ w: each }))).toMatch(/^model-invalid: .*shape of a tensor/u);
  });

  it('refuses storages that are missing or of another size', () => {
    const value = dict({ w: tensor(storage, [2]) });
    expect(refusal(() => zipOf(value, [one]))).toMatch(/archive\/data\/0 are not in it/u);
    const short = { ...storage, numbers: Float32Array.of(1) };
    expect(refusal(() => zipOf(value, [short]))).toMatch(/need 24 bytes and 4 are there/u);
    const old = dict({ w: tensor(storage, [2], { isOld: true }) });
    expect(refusal(() => read(torchStream(old, [one])))).toMatch(/^model-invalid/u);
    expect(refusal(() => read(torchStream(old, [{ ...storage, count: 2 ** 40 }])))).toMatch(
      /^model-invalid/u,
    );
  });

  it('refuses tensors that it does not read, by name', () => {
    const strange = {
      quantized: call('torch._utils', '_rebuild_qtensor', 1),
      sparse: call('torch._utils', '_rebuild_sparse_tensor', 1),
      'has no numbers': call('torch._utils', '_rebuild_meta_tensor_no_storage', 1),
      NumPy: call('numpy.core.multiarray', '_reconstruct', 1),
      ComplexFloatStorage: tensor({ ...one, type: 'ComplexFloatStorage' }, [1]),
      QInt8Storage: tensor({ ...one, type: 'QInt8Storage' }, [1]),
    };
    for (const [what, value] of Object.entries(strange)) {
      expect(refused(dict({ 'a.b': value })), what).toMatch(/^model-unsupported: .*tensor a\.b /u);
      expect(refused(dict({ 'a.b': value }))).toContain(what);
    }
  });

  it('chooses among the weights of a checkpoint, averaged ones first, and names the others', () => {
    const value = dict({ epoch: 3, model: state(one), ema: dict({ module: state(two), decay: 0.5 }) });
    const chosen = zipOf(value);
    expect(valuesOf(chosen)).toEqual({ weight: [2] });
    expect(notesOf(chosen)).toBe('The weights are those of ema. The file also has model.');
    const bytes = torchZip(value, all);
    expect(valuesOf(read(bytes, 'model'))).toEqual({ weight: [1] });
    expect(valuesOf(read(bytes, 'ema.module'))).toEqual({ weight: [2] });
    expect(refusal(() => read(bytes, 'net'))).toBe(
      'arguments: net.pth has no part net with weights: choose one of model, ema.',
    );
    expect(refusal(() => read(bytes, 'epoch'))).toMatch(/^arguments/u);
  });

  it('finds every usual name of a state dict', () => {
    const names = [
      'state_dict',
      'model_state_dict',
      'model',
      'ema',
      'model_ema',
      'state_dict_ema',
      'net',
      'module',
    ];
    for (const name of [...names, 'params'])
      expect(valuesOf(zipOf(dict({ [name]: state(one), epoch: 1 }))), name).toEqual({ weight: [1] });
  });

  it('flattens nested dicts and leaves optimizers out', () => {
    const optimizer = dict({ state: new Map([[0, state(two)]]), param_groups: [] });
    expect(valuesOf(zipOf(dict({ a: state(one), b: dict({ c: state(two) }), optimizer })))).toEqual({
      'a.weight': [1],
      'b.c.weight': [2],
    });
    const twice = dict({ 'a.weight': tensor(one, [1]), a: state(two) });
    expect(refused(twice)).toMatch(/tensor a\.weight is there twice/u);
  });

  it('removes prefixes that all tensors have', () => {
    const wrapped = dict({
      'module._orig_mod.a': tensor(one, [1]),
      'module._orig_mod.module.b': tensor(two, [1]),
    });
    const weights = zipOf(wrapped);
    expect(valuesOf(weights)).toEqual({ a: [1], 'module.b': [2] });
    expect(notesOf(weights)).toContain('The prefix module._orig_mod. was removed');
    expect(valuesOf(zipOf(dict({ 'module.a': tensor(one, [1]), b: tensor(two, [1]) })))).toEqual({
      'module.a': [1],
      b: [2],
    });
    const averaged = dict({ n_averaged: tensor(one, [1]), 'module.a': tensor(two, [1]) });
    expect(valuesOf(zipOf(averaged))).toEqual({ n_averaged: [1], a: [2] });
  });

  it('reads the weights beside objects of any class, and plain values as texts', () => {
    const weights = zipOf(
      dict({
        state_dict: state(one),
        epoch: 7,
        args: object('argparse', 'Namespace', {
          lr: 0.5,
          model: 'resnet18',
          hook: call('os', 'system', 'exit'),
        }),
        callback: call('builtins', 'eval', 'boom()'),
      }),
    );
    expect(valuesOf(weights)).toEqual({ weight: [1] });
    expect({ ...weights.metadata }).toEqual({ epoch: '7', 'args.lr': '0.5', 'args.model': 'resnet18' });
    expect(notesOf(weights)).toContain('args, callback');
  });

  it('finds the names of the classes in each usual form', () => {
    const names = ['cat', 'dog'];
    const forms: Record<string, Picklable> = {
      classes: names,
      class_names: tuple(...names),
      idx_to_class: new Map<Picklable, Picklable>([
        [1, 'dog'],
        [0, 'cat'],
      ]),
      class_to_idx: dict({ dog: 1, cat: 0 }),
      names: dict({ '0': 'cat', '1': 'dog' }),
      meta: dict({ CLASSES: names }),
    };
    for (const [key, value] of Object.entries(forms))
      expect(zipOf(dict({ model: state(one), [key]: value })).classNames, key).toEqual(names);
    for (const value of [dict({ cat: 0, dog: 2 }), ['cat', 3], 'cat', [], new Map([[0, 'cat']]).set(5, 'x')])
      expect(zipOf(dict({ model: state(one), classes: value })).classNames).toBeNull();
  });

  it('reads a network that was saved whole: parameters, saved buffers, modules in order', () => {
    const inner = object('mine', 'Inner', {
      _parameters: dict({ weight: tensor(one, [1]), bias: null }),
      _buffers: dict({ kept: tensor(two, [1]), passing: tensor(two, [1]) }),
      _non_persistent_buffers_set: call('builtins', 'set', ['passing']),
      _modules: dict({}),
    });
    const net = object('mine', 'Net', {
      _parameters: dict({}),
      _buffers: dict({}),
      _modules: dict({ first: inner, second: inner }),
      names: new Map([[0, 'cat']]),
    });
    const weights = zipOf(dict({ model: net }));
    expect(valuesOf(weights)).toEqual({
      'first.weight': [1],
      'first.kept': [2],
      'second.weight': [1],
      'second.kept': [2],
    });
    expect(weights.classNames).toEqual(['cat']);
    expect(notesOf(weights)).toContain('mine.Net');
  });

  it('says how to save a state dict where there is none', () => {
    expect(refused([tensor(one, [1])])).toMatch(/^model-unsupported: .*no state dict.*torch\.save/u);
    expect(refused(tensor(one, [1]))).toMatch(/single tensor.*torch\.save/u);
    expect(refused(object('mine', 'Thing', { a: 1 }))).toMatch(/object of mine\.Thing.*torch\.save/u);
    expect(refused(dict({ epoch: 1 }))).toMatch(/no state dict/u);
    expect(refusal(() => read(pickle(dict({ a: 1 }))))).toMatch(/torch\.save did not write/u);
  });

  it('ends on containers that contain themselves', () => {
    const loop = raw(
      ...['}q\x05(', text('self'), 'h\x05', text('again'), 'h\x05', text('weight'), tensor(one, [1]), 'u'],
    );
    expect(valuesOf(zipOf(loop))).toEqual({ weight: [1] });
    expect(valuesOf(zipOf(dict({ model: loop })))).toEqual({ weight: [1] });
    const list = raw(']q\x05', 'h\x05', 'a');
    expect(refused(list)).toMatch(/no state dict/u);
  });

  it('refuses containers that multiply: 2^50 ways to one tensor', () => {
    const levels = Array.from({ length: 50 }, (_, at) => [
      ...['}', '(', raw('X\x01\0\0\0a'), raw(`h${String.fromCharCode(at)}`)],
      ...[raw('X\x01\0\0\0b'), raw(`h${String.fromCharCode(at)}`), 'u', `q${String.fromCharCode(at + 1)}`],
    ]).flat();
    expect(refused(raw(state(one), 'q\0', ...levels))).toMatch(
      /^model-invalid: .*more often than in any model/u,
    );
  });

  it('refuses names that nested dicts make long, and ends on a name of prefixes', () => {
    const levels = Array.from({ length: 40 }, () => ['}', 'h\x01', 'h\x02', 's', 'q\x02', '0']).flat();
    const key = raw(text('k'.repeat(1000)), 'q\x01', '0', state(one), 'q\x02', '0', ...levels, 'h\x02');
    expect(refused(key)).toMatch(/^model-invalid: .*more often than in any model/u);
    const wrapped = zipOf(state(one, `${'module.'.repeat(500)}w`));
    expect(wrapped.tensors[0]?.name).toBe(`${'module.'.repeat(492)}w`);
  });

  it('refuses legacy streams of another version and other zip archives', () => {
    const version = concat([pickle(0x1950_a86a_20f9_469c_fc6cn), pickle(1002)]);
    expect(refusal(() => read(version))).toMatch(/^model-unsupported: .*version/u);
    expect(refusal(() => read(realFile('npz')))).toMatch(/^model-unsupported: .*one data\.pkl/u);
    expect(refusal(() => read(torchZip(state(one), all, 'middle')))).toMatch(/byte order/u);
    expect(refusal(() => read(ascii('')))).toMatch(/ends after 0 bytes/u);
  });

  it('takes the class of a legacy network, which comes with its source text', () => {
    const made = persistent(tuple('module', global('mine', 'Net'), 'net.py', 'class Net: ...'));
    const attributes = dict({
      _parameters: dict({ weight: tensor(one, [1], { isOld: true }) }),
      _modules: dict({}),
    });
    const net = raw(made, ')\x81', attributes, 'b');
    expect(valuesOf(read(torchStream(net, [one])))).toEqual({ weight: [1] });
  });
});
