import { Command } from 'commander';
import { TEMPLATES } from '#core/templates/templates.ts';
import { formatShape } from '#core/program/shape.ts';
import { print, printJson, table } from '../output/output.ts';

/** `normlab templates`: the built-in networks. */
export function templatesCommand(): Command {
  return new Command('templates')
    .description('list the built-in networks')
    .option('--json', 'print one JSON object')
    .action((options: { json?: true }) => {
      if (options.json) printJson({ templates: TEMPLATES });
      else
        print(
          table(
            ['name', 'input', 'what it is'],
            TEMPLATES.map((t) => [t.name, formatShape(t.inputShape), t.description]),
          ),
        );
    });
}
