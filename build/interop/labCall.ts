import { LAB_API, type LabMethod, type LabParams, type LabResult } from '#core/contract/labApi.ts';
import type { LabHost } from '#workers/host/labHost.ts';

let lastId = 0;

/** Calls a host as a screen does. Throws an error with the answer where it is refused. */
export async function labCall<M extends LabMethod>(
  host: LabHost,
  method: M,
  params: LabParams<M>,
): Promise<LabResult<M>> {
  lastId += 1;
  const answer = await host.handle({ id: lastId, method, params });
  if (answer?.ok !== true) throw new Error(JSON.stringify(answer));
  return LAB_API[method].result.parse(answer.result) as LabResult<M>;
}
