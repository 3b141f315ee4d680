import type { LabEvent, LabMethod, ResponseFrame } from '#core/contract/labApi.ts';
import { AppError, toErrorData } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { callOf, dispatch, type LabHandlers } from './dispatch.ts';
import { WorkQueue } from './workQueue.ts';

/** Maximum number of connected screens: windows, tabs, and connections that are about to close. */
export const MOST_CONNECTIONS = 32;
/** Maximum number of calls of one screen that run or wait. */
const MOST_CALLS = 1_000;
/** Maximum number of calls of one screen that wait in one lane. */
const MOST_WAITING = 500;

/** The connection of one screen to the lab. */
export interface LabConnection {
  /** Answers one request frame; null for one that cannot be answered. Never throws. */
  handle(frame: unknown): Promise<ResponseFrame | null>;
  /** Called when the screen is gone: its pending reads are cancelled, its pending writes are still done. */
  close(): void;
}

/** Maximum number of pictures of one screen that wait: each may bring its bytes. */
const MOST_PICTURES_WAITING = 16;

/** Number of session ids of a screen that are closed with its connection. */
const MOST_SESSION_IDS = 64;

/** Slow calls go through a lane, which runs a few at a time: each of them opens files and uses memory. */
type LaneName = 'scan' | 'look' | 'search' | 'project' | 'picture';

const LANE_OF: Partial<Record<LabMethod, LaneName>> = {
  'data.scan': 'scan',
  'data.parts': 'look',
  'data.tableHeader': 'look',
  'data.thumbnails': 'look',
  'data.samples': 'look',
  'data.images': 'look',
  'data.trainingClasses': 'look',
  'data.drawFiles': 'look',
  'run.plan': 'look',
  'run.statistics': 'look',
  'run.exportDifferences': 'look',
  'run.normPreview': 'look',
  'run.metrics': 'look',
  'evaluation.list': 'look',
  'evaluation.open': 'look',
  'evaluation.images': 'look',
  'evaluation.pictures': 'look',
  'evaluation.write': 'look',
  'doubt.sources': 'look',
  'doubt.suspects': 'search',
  'doubt.duplicates': 'search',
  'doubt.forgotten': 'search',
  'doubt.copies': 'look',
  'project.open': 'project',
  'project.save': 'project',
  'project.keepRecovery': 'project',
  'project.recoveries': 'project',
  'picture.open': 'picture',
  'picture.show': 'picture',
  'pair.open': 'search',
  'pair.images': 'look',
  'pair.write': 'look',
};

/** Calls that cancel others: those that still wait are refused before they begin. */
const CANCELS: Partial<Record<LabMethod, { readonly by: 'scanId' | 'taskId' | 'sessionId' }>> = {
  'data.cancelScan': { by: 'scanId' },
  'evaluation.cancel': { by: 'taskId' },
  'doubt.cancel': { by: 'taskId' },
  'pair.cancel': { by: 'taskId' },
  'picture.close': { by: 'sessionId' },
};

/** All screens of a lab: answers their calls, sends them events, and limits how much runs at once. */
export class Connections {
  private readonly handlers: LabHandlers;
  private readonly listeners = new Set<(event: LabEvent) => void>();
  private readonly open = new Set<object>();
  private readonly lanes: Readonly<Record<LaneName, WorkQueue>> = {
    scan: new WorkQueue(2, MOST_WAITING),
    look: new WorkQueue(4, MOST_WAITING),
    search: new WorkQueue(2, MOST_WAITING),
    project: new WorkQueue(2, MOST_WAITING),
    picture: new WorkQueue(4, MOST_PICTURES_WAITING),
  };

  constructor(handlers: LabHandlers) {
    this.handlers = handlers;
  }

  tell(event: LabEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  listen(listener: (event: LabEvent) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** A connection that receives every event; null when there are too many already. */
  connect(listener: (event: LabEvent) => void): LabConnection | null {
    if (this.open.size >= MOST_CONNECTIONS) return null;
    const owner = {};
    this.open.add(owner);
    const stopListening = this.listen(listener);
    const connection = this.connectionOf(owner);
    return {
      handle: (frame) => connection.handle(frame),
      close: () => {
        if (!this.open.delete(owner)) return;
        stopListening();
        connection.close();
      },
    };
  }

  private cancelWaiting(owner: object, call: ReturnType<typeof callOf>): void {
    const { by } = (call.method === null ? undefined : CANCELS[call.method]) ?? {};
    const key = by === undefined ? null : call[by];
    if (key !== null) for (const lane of Object.values(this.lanes)) lane.cancel(owner, key);
  }

  /** A connection that is not counted and receives no events, for callers inside the process. */
  connectionOf(owner: object): LabConnection {
    const scans = new Set<string>();
    const sessions = new Set<string>();
    let calls = 0;
    return {
      handle: async (frame) => {
        const call = callOf(frame);
        const { id, method, scanId, sessionId } = call;
        if (calls >= MOST_CALLS && id !== null) return { id, ok: false, error: toErrorData(tooManyCalls()) };
        this.cancelWaiting(owner, call);
        const lane = method === null ? undefined : LANE_OF[method];
        const isScan = method === 'data.scan' && scanId !== null;
        calls += 1;
        if (isScan) scans.add(scanId);
        if (method === 'picture.open' && sessionId !== null) remember(sessions, sessionId);
        try {
          return await dispatch(this.handlers, frame, (act) =>
            lane === undefined ? act() : this.lanes[lane].run(owner, keyOf(call), act),
          );
        } finally {
          calls -= 1;
          if (isScan) scans.delete(scanId);
        }
      },
      close: () => {
        this.lanes.scan.drop(owner);
        this.lanes.look.drop(owner);
        this.lanes.search.drop(owner);
        this.lanes.picture.drop(owner);
        for (const scanId of scans) void this.handlers['data.cancelScan']({ scanId });
        for (const sessionId of sessions) void this.handlers['picture.close']({ sessionId });
      },
    };
  }
}

/** The key under which a waiting call is cancelled: a task belongs to one call, a session to several. */
function keyOf({ scanId, taskId, sessionId }: ReturnType<typeof callOf>): string | null {
  return scanId ?? taskId ?? sessionId;
}

/** Far fewer sessions are open at once: the earliest ids are those of closed ones. */
function remember(sessions: Set<string>, id: string): void {
  sessions.delete(id);
  sessions.add(id);
  const [first] = sessions;
  if (sessions.size > MOST_SESSION_IDS && first !== undefined) sessions.delete(first);
}

function tooManyCalls(): AppError {
  return new AppError('host-busy', message('lab.tooManyCalls', { calls: MOST_CALLS }));
}
