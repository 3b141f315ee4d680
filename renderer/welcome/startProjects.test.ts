import { describe, expect, it } from 'vitest';
import type { DataSummary } from '#core/contract/dataSummary.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { TEMPLATES } from '#core/templates/templates.ts';
import { emptyProject, projectForFolder, projectForSample, projectFromTemplate } from './startProjects.ts';
import { suggestedFileName } from '../project/fileActions.ts';

function folderOf(classes: number, typical: DataSummary['typical']): DataSummary {
  const names = Array.from({ length: classes }, (_, index) => ({ name: `c${index}`, count: 5 }));
  return { classes: names, images: classes * 5, skipped: [], warnings: [], labels: null, typical };
}
const folder = { name: 'birds', train: { path: '/pictures/birds' }, validation: null };

describe('projectForFolder', () => {
  it.each([
    [3, { height: 28, width: 28, channels: 1 }, [1, 28, 28]],
    [4, { height: 32, width: 32, channels: 3 }, [3, 32, 32]],
    [12, { height: 48, width: 64, channels: 3 }, [3, 48, 64]],
    [2, { height: 1080, width: 1920, channels: 3 }, [3, 32, 32]],
    [5, { height: 6, width: 6, channels: 3 }, [3, 6, 6]],
  ])('makes a sound network for %d classes of %j', (classes, typical, inputShape) => {
    const made = projectForFolder(folder, folderOf(classes, typical));
    const { graph } = checkGraph(made.graph);
    expect(graph?.inputShape).toEqual(inputShape);
    expect(graph?.classes).toBe(classes);
    expect(made).toMatchObject({ name: 'birds', data: { trainFolder: '/pictures/birds' } });
  });
});

describe('projectForSample', () => {
  it('is sound and without problems for the sample images, and short enough to watch', () => {
    const made = projectForSample(folder, folderOf(4, { height: 32, width: 32, channels: 3 }));
    const report = checkGraph(made.graph);
    expect(report.graph?.classes).toBe(4);
    expect(report.diagnostics).toEqual([]);
    expect(made.training.epochs * 1600).toBeLessThanOrEqual(20_000);
    expect(made.data.trainFolder).toBe('/pictures/birds');
  });
});

describe('projectFromTemplate', () => {
  it.each(TEMPLATES.map(({ name }) => name))('%s opens with no problem', (name) => {
    expect(checkGraph(projectFromTemplate(name).graph).diagnostics).toEqual([]);
  });
});

describe('new projects', () => {
  it('get an id of their own, two of one template too', () => {
    expect(projectFromTemplate('vgg-bn').id).not.toBe(projectFromTemplate('vgg-bn').id);
  });
  it.each(TEMPLATES.map(({ name }) => name))('from %s can be trained', (name) => {
    expect(checkGraph(projectFromTemplate(name).graph).graph).not.toBeNull();
  });
  it('begin empty with an Input and an Output', () => {
    const kinds = Object.values(emptyProject('x').graph.nodes).map(({ kind }) => kind);
    expect(kinds).toEqual(['input', 'output']);
  });
});

describe('suggestedFileName', () => {
  it.each([
    ['Garden birds', 'Garden birds.normlab.json'],
    ['a/b\\c:d?', 'a b c d.normlab.json'],
    ['  ..hidden. ', 'hidden.normlab.json'],
    ['///', 'project.normlab.json'],
    ['猫和狗', '猫和狗.normlab.json'],
  ])('%j becomes %j', (name, file) => {
    expect(suggestedFileName(name)).toBe(file);
  });
});
