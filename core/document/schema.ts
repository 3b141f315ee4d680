import { z } from 'zod';
import { ownIssue } from '../diagnostics/schemaIssue.ts';
import { message } from '../words/message.ts';
import { isEndpoint, type Endpoint } from './endpoint.ts';
import { isNodeId, isProjectId, type NodeId, type ProjectId } from '../diagnostics/ids.ts';
import { dataSettingsSchema } from './dataSettings.ts';
import { LONGEST_NAME } from './limits.ts';
import { numberSchema } from '../diagnostics/number.ts';
import { startSchema } from './start.ts';
import { trainingSettingsSchema } from './trainingSettings.ts';

/** The version this build writes. Older versions are converted by `migrate.ts`; newer ones are rejected. */
export const PROJECT_VERSION = 1;
export const PROJECT_FORMAT = 'normlab-project';
/** File name ending of a project. */
export const PROJECT_EXTENSION = '.normlab.json';

export const nodeIdSchema = z.custom<NodeId>(
  (value) => typeof value === 'string' && isNodeId(value),
  ownIssue(message('schema.notABlockId')),
);
const projectIdSchema = z.custom<ProjectId>(
  (value) => typeof value === 'string' && isProjectId(value),
  ownIssue(message('schema.notAProjectId')),
);
export const endpointSchema = z.custom<Endpoint>(
  (value) => typeof value === 'string' && isEndpoint(value),
  ownIssue(message('schema.notAPort')),
);

export const paramValueSchema = z.union([numberSchema, z.boolean(), z.string().max(LONGEST_NAME)]);

export const nodeRecordSchema = z.strictObject({
  /** A block kind of `core/nodes`; an unknown one is a diagnostic at the block, not a broken file. */
  kind: z.string().min(1).max(64),
  /** The user's name for the block; when absent, the title of the kind is shown. */
  label: z.string().max(80).optional(),
  params: z.record(z.string(), paramValueSchema),
});

export const positionSchema = z.strictObject({ x: numberSchema, y: numberSchema });

const graphSchema = z.strictObject({
  nodes: z.record(nodeIdSchema, nodeRecordSchema),
  /** Input port -> the output port that feeds it. An input port takes one wire, so its name is the wire's identity. */
  wires: z.record(endpointSchema, endpointSchema),
});

export const documentSchema = z.strictObject({
  format: z.literal(PROJECT_FORMAT),
  version: z.literal(PROJECT_VERSION),
  id: projectIdSchema,
  name: z.string().min(1).max(120),
  graph: graphSchema,
  training: trainingSettingsSchema,
  data: dataSettingsSchema,
  start: startSchema.optional(),
  /** Positions of the blocks on the canvas, kept apart from the graph so that moving a block changes no other line. */
  layout: z.strictObject({ positions: z.record(nodeIdSchema, positionSchema) }),
});

export type ParamValue = z.infer<typeof paramValueSchema>;
export type Params = Readonly<Record<string, ParamValue>>;
export type Position = Readonly<z.infer<typeof positionSchema>>;

export interface NodeRecord {
  readonly kind: string;
  readonly label?: string | undefined;
  readonly params: Params;
}

export interface Graph {
  readonly nodes: Readonly<Record<NodeId, NodeRecord>>;
  readonly wires: Readonly<Record<Endpoint, Endpoint>>;
}

type Parsed = z.infer<typeof documentSchema>;

/** A whole project as the file holds it: immutable, and changed only by the commands of `core/edit`. */
export interface GraphDocument extends Readonly<Omit<Parsed, 'graph' | 'layout'>> {
  readonly graph: Graph;
  readonly layout: { readonly positions: Readonly<Record<NodeId, Position>> };
}
