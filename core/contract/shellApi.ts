import { z } from 'zod';

/**
 * What the sandboxed page may request from the desktop shell: dialogs and drops, which return grants and never bare
 * paths to use, and a port to the lab host. Everything else goes through the lab host's own contract.
 */
const grantSchema = z.object({ grant: z.string(), path: z.string(), name: z.string() });
const title = z.string().max(200);

export const SHELL_API = {
  'shell:pick-folder': { params: z.tuple([title]), result: grantSchema.nullable() },
  'shell:pick-project': { params: z.tuple([]), result: grantSchema.nullable() },
  'shell:pick-model': { params: z.tuple([title]), result: grantSchema.nullable() },
  'shell:pick-image': { params: z.tuple([title]), result: grantSchema.nullable() },
  'shell:pick-save': { params: z.tuple([z.string().min(1).max(200)]), result: grantSchema.nullable() },
  /** A folder dropped onto the page; only the preload knows its path. */
  'shell:grant-dropped': { params: z.tuple([z.string().min(1).max(4096)]), result: grantSchema },
  'shell:request-port': { params: z.tuple([]), result: z.null() },
  /** Restarts a lab host that has ended too often; the page gets a port once it runs. */
  'shell:restart-host': { params: z.tuple([]), result: z.null() },
} as const;

type ShellApi = typeof SHELL_API;
export type ShellChannel = keyof ShellApi;
export type ShellParams<C extends ShellChannel> = z.output<ShellApi[C]['params']>;
export type ShellResult<C extends ShellChannel> = z.output<ShellApi[C]['result']>;
export type Grant = z.output<typeof grantSchema>;

/** Messages between the main process and the lab host's process, apart from the screen's port. */
export const hostCommandSchema = z.discriminatedUnion('type', [
  /** Comes with one port, for a new connection of a screen. */
  z.object({ type: z.literal('connect') }),
  /** A path chosen in a system dialog, and what it was chosen as; for a dropped one, what it is on disk. */
  z.object({
    type: z.literal('grant'),
    id: z.number().int(),
    path: z.string().min(1),
    kind: z.enum(['folder', 'project']).optional(),
  }),
  /** Asks what closing the window would interrupt. */
  z.object({ type: z.literal('running'), id: z.number().int() }),
  /** Saves active runs as paused and stops; the process then exits by itself. */
  z.object({ type: z.literal('close') }),
]);
export type HostCommand = z.output<typeof hostCommandSchema>;

export const hostReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('granted'), id: z.number().int(), grant: grantSchema }),
  z.object({ type: z.literal('running'), id: z.number().int(), runs: z.array(z.string()) }),
]);
export type HostReply = z.output<typeof hostReplySchema>;
