import { shorten } from '../../document/brief.ts';
import { brokenFile } from '../fileFault.ts';
import { message } from '../../words/message.ts';
import type { Entry } from './modelEntry.ts';

/**
 * The layers that `output` depends on, each after its inputs and otherwise in the order of the file. Throws a fault for
 * inputs that are not listed and for circles.
 */
export function dependencyOrder(entries: readonly Entry[], output: string): readonly Entry[] {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const needed = neededFor(output, byName);
  const waiting = new Map<string, number>();
  const followers = new Map<string, string[]>();
  for (const entry of needed) {
    const sources = new Set(sourcesOf(entry));
    waiting.set(entry.name, sources.size);
    for (const source of sources) followers.set(source, [...(followers.get(source) ?? []), entry.name]);
  }
  const ordered = needed.filter(({ name }) => waiting.get(name) === 0);
  // The list grows while it is walked through.
  for (const { name } of ordered) {
    for (const follower of followers.get(name) ?? []) {
      const left = (waiting.get(follower) ?? 0) - 1;
      waiting.set(follower, left);
      const entry = byName.get(follower);
      if (left === 0 && entry !== undefined) ordered.push(entry);
    }
  }
  if (ordered.length < needed.length) throw brokenFile(message('kerasFiles.circle'));
  return ordered;
}

function neededFor(output: string, byName: ReadonlyMap<string, Entry>): readonly Entry[] {
  const seen = new Set<string>([output]);
  const open = [output];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const entry = byName.get(name);
    if (entry === undefined) throw brokenFile(message('kerasFiles.inputs', { layer: shorten(name) }));
    for (const source of sourcesOf(entry)) {
      if (seen.has(source)) continue;
      seen.add(source);
      open.push(source);
    }
  }
  return [...byName.values()].filter(({ name }) => seen.has(name));
}

function sourcesOf({ inbound }: Entry): readonly string[] {
  return inbound?.inputs.flatMap((input) => ('from' in input ? [input.from] : [])) ?? [];
}
