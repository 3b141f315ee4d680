import { describe, expect, it } from 'vitest';
import { buildStateLayout } from '../compile/stateLayout.ts';
import { optimizerPlanOf } from '../compile/optimizerPlan.ts';
import type { GraphDocument, Params } from '../document/schema.ts';
import type { TrainingSettings } from '../document/trainingSettings.ts';
import { must } from '../diagnostics/invariantError.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import { headPhaseGraph } from '../training/headPhase.ts';
import { initializeState } from '../training/initialize.ts';
import { tinyDocument, tinyProgram } from '../training/testing/tinyRun.ts';
import { told } from '../words/testing.ts';
import { clusterFiles } from './clusterFiles.ts';
import { filesOfCluster } from './clusterManifest.ts';
import type { ClusterRun } from './clusterModel.ts';
import { unsupportedOnCluster } from './unsupported.ts';

function graphOf(document: GraphDocument): ShapedGraph {
  return must(checkGraph(document.graph).graph, 'graph');
}

/** A run of the tiny network on six images; the first epoch trains the head alone. */
function runOf(document: GraphDocument, more: Partial<ClusterRun> = {}): ClusterRun {
  const graph = graphOf(document);
  const layout = buildStateLayout(graph, optimizerPlanOf(document.training));
  const state = new Float32Array(layout.totalSize);
  initializeState(layout, document.training.seed, state);
  const head = { ...document, graph: headPhaseGraph(document.graph) };
  return {
    ...{ document, graph, layout, state },
    phases: [
      { untilEpoch: 1, graph: graphOf(head), program: tinyProgram(head, 'train') },
      { untilEpoch: document.training.epochs, graph, program: tinyProgram(document, 'train') },
    ],
    classNames: ['a', 'b', 'c'],
    preprocessing: { height: 6, width: 6, channels: 1, resize: 'stretch', mean: [120], deviation: [60] },
    start: undefined,
    normlabVersion: '0.0.0',
    labels: Int32Array.of(0, 0, 0, 1, 1, 2),
    train: [{ file: 'a/0.png', class: 0, bytes: 9, digest: '0'.repeat(40) }],
    validation: [],
    hasValidationFolder: false,
    split: '{}\n',
    ...more,
  };
}

function textOf(run: ClusterRun, name: string): string {
  const files = clusterFiles(run, { nodes: 3, gpusPerNode: 8 });
  return new TextDecoder().decode(files.get(name));
}

function configOf(settings: Partial<TrainingSettings>): Record<string, unknown> {
  return JSON.parse(textOf(runOf(tinyDocument(settings)), 'config.json')) as Record<string, unknown>;
}

function withNorm(params: Params): GraphDocument {
  const document = tinyDocument();
  const nodes = Object.entries(document.graph.nodes).map(([id, node]) => [
    id,
    id === 'bn1' ? { ...node, params: { ...node.params, ...params } } : node,
  ]);
  return {
    ...document,
    graph: { ...document.graph, nodes: Object.fromEntries(nodes) as GraphDocument['graph']['nodes'] },
  };
}

describe('the settings of a project for a cluster', () => {
  it('have what trains, normalizes and drops in each phase', () => {
    expect(configOf({}).phases).toEqual([
      {
        untilEpoch: 1,
        trained: ['dense1.weight', 'dense1.bias'],
        norms: { bn1: { normalizeBy: 'stored', updateStatistics: false } },
        dropouts: { drop1: { rate: 0.3, salt: expect.any(Number) as number } },
      },
      {
        untilEpoch: 2,
        trained: ['conv1.weight', 'bn1.weight', 'bn1.bias', 'dense1.weight', 'dense1.bias'],
        norms: { bn1: { normalizeBy: 'batch', updateStatistics: true } },
        dropouts: { drop1: { rate: 0.3, salt: expect.any(Number) as number } },
      },
    ]);
  });

  it('have numbers in place of balanced weights and samplers', () => {
    const { loss, quotas } = configOf({ classWeights: 'balanced', sampler: { kind: 'balanced' } });
    expect(loss).toMatchObject({ kind: 'crossEntropy', classWeights: [6 / 9, 1, 2] });
    expect(quotas).toEqual([2, 2, 2]);
    expect(configOf({})).toMatchObject({ quotas: null, loss: { classWeights: null } });
  });

  it('have the precision of the project, and f32 where this machine would choose', () => {
    expect(configOf({ precision: 'bf16' }).precision).toBe('bf16');
    expect(configOf({ precision: 'auto' }).precision).toBe('f32');
  });
});

describe('the scripts', () => {
  it('ask for the machines, and for the validation images where they have a folder', () => {
    const run = runOf(tinyDocument());
    expect(textOf(run, 'slurm.sh')).toMatch(/--nodes=3\n[^]*--nproc-per-node 8 /);
    expect(textOf(run, 'slurm.sh')).not.toContain('NORMLAB_VALIDATION_DATA');
    expect(textOf(run, 'pytorchjob.yaml')).toContain('    Worker:\n      replicas: 2\n');
    const own = runOf(tinyDocument(), { hasValidationFolder: true });
    expect(textOf(own, 'slurm.sh')).toContain('${NORMLAB_VALIDATION_DATA:?');
    expect(textOf(own, 'pytorchjob.yaml')).toContain('"--validation-data=/validation"]');
    expect(textOf(own, 'README.md')).toContain('--data IMAGES --validation-data VALIDATION');
  });

  it('have a name that schedulers take, for a project of any name', () => {
    const named = runOf({ ...tinyDocument(), name: '鸟 "$(rm -rf)"\n…' });
    expect(textOf(named, 'slurm.sh')).toContain('--job-name=normlab-rm-rf\n');
    expect(textOf(named, 'README.md').split('\n')[0]).toBe('# 鸟 "$(rm -rf)" …');
  });
});

describe('what a cluster does not have', () => {
  const saidOf = (document: GraphDocument): string[] =>
    told(unsupportedOnCluster(document, graphOf(document)));

  it('is told by block and setting', () => {
    expect(saidOf(tinyDocument())).toEqual([]);
    expect(saidOf(withNorm({ ghostSize: 4 })).join()).toContain(
      'bn1 normalizes in ghost groups of 4 samples',
    );
    expect(saidOf(withNorm({ renorm: true })).join()).toContain('bn1 uses batch renormalization');
    const document = tinyDocument({ featureVersions: 3 });
    const data = {
      ...document.data,
      augmentation: { border: 'black' as const, grayscale: { probability: 1 } },
    };
    expect(saidOf({ ...document, data }).join()).toContain('3 versions of each image');
    const frozen = { ...document, graph: headPhaseGraph(headPhaseGraph(document.graph)) };
    expect(saidOf(frozen)).toEqual([]);
  });
});

describe('the manifest', () => {
  it('of another kind of folder is none', () => {
    expect(filesOfCluster('{"format":"normlab-bundle","version":1,"files":{}}')).toBeNull();
    expect(filesOfCluster('not JSON')).toBeNull();
  });
});
