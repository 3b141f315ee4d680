import { copyFile, mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages } from '#workers/runs/testing/imageFolder.ts';
import { openTerminal, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('train'), 4, 1);
  await terminal.project('tiny', tinyDocument({ epochs: 1 }));
  const args = ['--data', 'train', '--threads', '1', '--precision', 'f32', '--out', 'run'];
  const trained = await terminal.run('train', 'tiny.normlab.json', ...args);
  expect(trained.status, trained.stderr).toBe(0);
  for (const format of ['onnx', 'safetensors']) {
    const ended = await terminal.run('export', 'run', '--format', format, '--out', `net.${format}`);
    expect(ended.status, ended.stderr).toBe(0);
  }
  await copyFile(terminal.at('net.onnx'), terminal.at('named.png'));
  await mkdir(terminal.at('models'));
  await copyFile(terminal.at('net.onnx'), terminal.at('models', 'net.onnx'));
});
afterAll(() => terminal.remove());

describe('a model where an image is meant, and the other way round', () => {
  it.each([
    ['predict run net.onnx', /net\.onnx.* it is an ONNX model, not an image/],
    ['predict run net.safetensors', /it is a safetensors file of weights, not an image/],
    ['predict run named.png', /named\.png.* it is an ONNX model, not an image/],
    ['predict run models', /There is no image in models/],
    ['predict run run', /There is no image in run, which is the folder of a run/],
    ['eval run --data net.onnx', /net\.onnx” is an ONNX model; choose the folder that holds the images/],
    ['eval run --data run', /run” is the folder of a run and holds no images/],
    ['train tiny.normlab.json --data train/a/0.png --out other', /0\.png” is an image \(PNG\); choose/],
    ['export train --format onnx --out x.onnx', /There is no run in train: it has no run\.json/],
    ['export net.onnx --format onnx --out x.onnx', /net\.onnx is an ONNX model, not the folder of a run/],
    ['eval train/a/0.png --data train', /0\.png is an image \(PNG\), not the folder of a run/],
    ['recalibrate tiny.normlab.json --data train', /is a NormLab project, not the folder of a run/],
    ['check train/a/0.png', /0\.png is an image \(PNG\), not a NormLab project/],
    ['check net.onnx', /net\.onnx is an ONNX model, not a NormLab project/],
    ['check net.safetensors', /is a safetensors file of weights, not a NormLab project/],
    ['check run', /is the folder of a run, not a project/],
  ])('%s says so in one sentence', async (line, sentence) => {
    const { status, stderr } = await terminal.run(...line.split(' '));
    expect(status).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/^normlab: [^\n]+\n$/);
  });
});
