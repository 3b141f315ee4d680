import { Command } from 'commander';
import { compile } from '#core/compile/compile.ts';
import { estimateMemory } from '#core/compile/memoryEstimate.ts';
import { lossPlanOf } from '#core/compile/lossPlan.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { Diagnostic } from '#core/diagnostics/diagnostic.ts';
import { visibleText } from '#core/diagnostics/visibleText.ts';
import { wordDiagnostic } from '#core/diagnostics/wordDiagnostic.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import type { GraphReport, ShapedGraph } from '#core/graph/shapedGraph.ts';
import { firstError } from '#core/graph/firstError.ts';
import { printProgram } from '#core/program/printProgram.ts';
import type { Program } from '#core/program/program.ts';
import { formatShape } from '#core/program/shape.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { loadNetwork, withNetworkOptions } from '../networks/network.ts';
import { print, printJson, table } from '../output/output.ts';
import { parseSizeWithChannels } from '../options/parsers.ts';

interface CheckOptions {
  template?: string;
  size?: { height: number; width: number; channels: number };
  json?: true;
  program?: true;
}

/**
 * `normlab check`: problems, shapes, parameters, cost and memory of a network. Ends with 2 when it cannot be trained.
 */
export function checkCommand(): Command {
  return withNetworkOptions(new Command('check'))
    .description('check a network: problems, shapes, parameters, FLOPs and memory')
    .option('--size <HxWxC>', 'input size, for example 32x32x3', parseSizeWithChannels)
    .option('--program', 'also print the compiled training program')
    .option('--json', 'print one JSON object')
    .action(async (project: string | undefined, options: CheckOptions) => {
      const { size } = options;
      const document = await loadNetwork(
        { project, template: options.template },
        size === undefined ? {} : { inputShape: [size.channels, size.height, size.width] },
      );
      const report = checkGraph(document.graph, document.training, {
        hasTrainedStart: document.start !== undefined,
      });
      if (options.json) printJson(asJson(document, report));
      else printReport(document, report, options.program === true);
      refuseErrors(report.diagnostics);
    });
}

function refuseErrors(diagnostics: readonly Diagnostic[]): void {
  const said = firstError(diagnostics);
  if (said !== null) throw new AppError('graph-invalid', said);
}

function trainingProgram(document: GraphDocument, graph: ShapedGraph): Program {
  const { training } = document;
  return compile(graph, {
    mode: 'train',
    input: { type: 'f32' },
    optimizer: optimizerPlanOf(training),
    labelSmoothing: training.labelSmoothing,
    loss: lossPlanOf(training, null),
  });
}

function asJson(document: GraphDocument, report: GraphReport): unknown {
  const { graph } = report;
  const diagnostics = report.diagnostics.map((found) => wordDiagnostic(found, inEnglish));
  const blocks = [...report.shapes].map(([id, shape]) => ({
    id,
    kind: document.graph.nodes[id]?.kind,
    shape,
    parameters: report.parameterCounts.get(id) ?? 0,
  }));
  if (graph === null) return { ok: false, diagnostics, blocks };
  const batch = document.training.batchSize;
  return {
    ok: true,
    diagnostics,
    blocks,
    inputShape: graph.inputShape,
    classes: graph.classes,
    parameters: graph.parameterCount,
    flopsPerImage: graph.flops,
    memory: { batch, ...estimateMemory(trainingProgram(document, graph), batch) },
  };
}

function printReport(document: GraphDocument, report: GraphReport, withProgram: boolean): void {
  for (const { severity, message, hint } of report.diagnostics)
    print(visibleText(`${severity}: ${inEnglish(message)} ${inEnglish(hint)}`));
  const { graph } = report;
  if (graph === null) return;
  print(
    table(
      ['block', 'kind', 'output', 'parameters', 'MFLOP'],
      graph.order.map((node) => [
        node.id,
        node.definition.kind,
        formatShape(node.shape),
        node.parameterCount,
        round(node.flops / 1e6),
      ]),
    ),
  );
  const program = trainingProgram(document, graph);
  const batch = document.training.batchSize;
  const memory = estimateMemory(program, batch);
  print(
    `\n${graph.parameterCount} parameters, ${round(graph.flops / 1e6)} MFLOP per image forward, ${graph.classes} classes`,
  );
  print(`about ${round(memory.totalBytes / 1e6)} MB to train with batches of ${batch}`);
  if (withProgram) print(`\n${printProgram(program)}`);
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
