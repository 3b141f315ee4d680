import { describe, expect, it } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { asIs } from '#core/words/message.ts';
import type { Lab } from '../client/useLab.ts';
import { useStart, type MoveWorkflow, type StartRequest } from './useStart.ts';
import { withEvent, workflowOf, type RunPlan, type Workflow, type Workflows } from './workflow.ts';

const PLAN: RunPlan = {
  trainImages: 9,
  validationImages: 1,
  classes: ['a', 'b'],
  stepsPerEpoch: 1,
  lastBatch: 9,
  precision: 'f32',
  threads: 1,
  memoryBytes: 1,
  notes: [],
  problems: [],
};
const REQUEST: StartRequest = { projectId: 'p1', project: '{}', train: 'g', validation: null };

/** A lab that answers each method with the values in `answers`, in turn. */
function setUp(
  answers: Record<string, (() => unknown)[]>,
  request: () => StartRequest | null = () => REQUEST,
) {
  const asked: string[] = [];
  const call = async (method: string): Promise<unknown> => {
    asked.push(method);
    const answer = answers[method]?.shift();
    if (answer === undefined) throw new Error(`nothing to answer to ${method}`);
    return answer();
  };
  let all: Workflows = new Map();
  const move: MoveWorkflow = (id, event) => {
    all = withEvent(all, id, event);
    return workflowOf(all, id);
  };
  const workflow = {
    get value(): Workflow {
      return workflowOf(all, 'p1');
    },
  };
  return { asked, workflow, ...useStart({ call } as unknown as Lab, move, request) };
}

describe('useStart', () => {
  it('plans, then starts', async () => {
    const { asked, workflow, start } = setUp({
      'run.plan': [() => PLAN],
      'run.start': [() => ({ runId: 'r1' })],
    });
    expect(await start('birds')).toBe('r1');
    expect(asked).toEqual(['run.plan', 'run.start']);
    expect(workflow.value.kind).toBe('starting');
  });

  it('does not start what the plan forbids', async () => {
    const problems = [{ code: 'batch-too-small', message: 'Too small.' }];
    const { asked, workflow, start } = setUp({ 'run.plan': [() => ({ ...PLAN, problems })] });
    expect(await start('birds')).toBeNull();
    expect(asked).toEqual(['run.plan']);
    expect(workflow.value).toMatchObject({ kind: 'refused', problems });
  });

  it('tells a start that failed, with its place', async () => {
    const { workflow, start } = setUp({
      'run.plan': [() => PLAN],
      'run.start': [
        () => {
          throw new AppError('disk-full', asIs('The disk is full.'), { where: '/runs' });
        },
      ],
    });
    expect(await start('birds')).toBeNull();
    expect(workflow.value).toMatchObject({
      kind: 'refused',
      problems: [{ code: 'disk-full', where: '/runs' }],
    });
  });

  it('asks nothing while nothing can be asked', async () => {
    const { asked, workflow, start } = setUp({}, () => null);
    expect(await start('birds')).toBeNull();
    expect(asked).toEqual([]);
    expect(workflow.value.kind).toBe('idle');
  });

  it('passes over the answer to an older question', async () => {
    let answerFirst: (plan: RunPlan) => void = () => undefined;
    const first = new Promise<RunPlan>((resolve) => {
      answerFirst = resolve;
    });
    const { workflow, plan } = setUp({ 'run.plan': [() => first, () => ({ ...PLAN, trainImages: 77 })] });
    const older = plan();
    await plan();
    answerFirst(PLAN);
    await older;
    expect(workflow.value).toMatchObject({ kind: 'ready', plan: { trainImages: 77 } });
  });

  it('starts although somebody else asked for a plan meanwhile', async () => {
    const { asked, plan, start } = setUp({
      'run.plan': [() => PLAN, () => PLAN],
      'run.start': [() => ({ runId: 'r1' })],
    });
    const starting = start('birds');
    await plan();
    expect(await starting).toBe('r1');
    expect(asked).toEqual(['run.plan', 'run.plan', 'run.start']);
  });

  it('starts nothing when another project has come to the front meanwhile', async () => {
    let front = REQUEST;
    const { asked, workflow, start } = setUp(
      {
        'run.plan': [
          () => {
            front = { ...REQUEST, projectId: 'p2' };
            return PLAN;
          },
        ],
      },
      () => front,
    );
    expect(await start('birds')).toBeNull();
    expect(asked).toEqual(['run.plan']);
    expect(workflow.value.kind).toBe('ready');
  });
});
