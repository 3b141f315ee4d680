import { randomBytes } from 'node:crypto';

/** Sorts by time and is readable in a file manager: `20261121-093000-my-network-3f9a`. */
export function newRunId(name: string): string {
  const time = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return [time, slug, randomBytes(2).toString('hex')].filter((part) => part !== '').join('-');
}
