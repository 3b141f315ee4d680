import { endOf, resultOf, type FaultCase } from './faultCase.ts';

const BEGIN = ['--template', 'vgg-bn', '--size', '16x16', '--epochs', '2', '--batch', '8'];

/** Runs that did not do what was requested. */
export const RUN_CASES: readonly FaultCase[] = [
  {
    fault: 'resume-ignores-options',
    name: 'other settings on --resume',
    check: async ({ terminal, input, fresh }) => {
      const out = fresh();
      const begun = await terminal.run('train', ...BEGIN, '--data', input, '--out', out);
      if (begun.status !== 0) return endOf(begun);
      const longer = await terminal.run('train', '--resume', '--epochs', '5', '--out', out, '--json');
      if (longer.status === 0 && resultOf(longer).epochs !== 5) return '--epochs 5 is ignored with exit 0';
      if (longer.status !== 0 && longer.status !== 2) return `--epochs 5: ${endOf(longer)}`;
      const others = ['--lr', '0.5', '--batch', '4', '--optimizer', 'adam'];
      const changed = await terminal.run('train', '--resume', ...others, '--out', out);
      return changed.status === 2 ? null : `${others.join(' ')}: ${endOf(changed)}, right is a refusal`;
    },
  },
];
