/**
 * Paths of this project that a text names in backquotes. They begin with a room, so that `core/graph` counts and
 * `stride 2` does not.
 */
const NAMED_PATH = /`((?:core|workers|renderer|electron|cli|build|e2e|docs|examples)\/[A-Za-z0-9_./-]+)`/g;

/** Every file and folder of the project that a document names. */
export function namedPaths(text: string): string[] {
  return [...new Set([...text.matchAll(NAMED_PATH)].map((match) => match[1] ?? ''))];
}

/** Types and classes that a document names in backquotes: `PascalCase` words. */
export function namedTypes(text: string): string[] {
  return [
    ...new Set([...text.matchAll(/`([A-Z][a-z]+(?:[A-Z][a-z]+)*)`s?/g)].map((match) => match[1] ?? '')),
  ];
}
