import type { Backend, Session, SessionOptions } from '#core/backend/backend.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';

/**
 * A session with the parameters and statistics of a trained network. The optimizer's moments, as large as the
 * parameters, stay zero: memory that nothing writes takes no space.
 */
export function openTrained(backend: Backend, model: TrainedModel, options: SessionOptions): Session {
  const { statisticsOffset, statisticsSize } = model.layout;
  const session = backend.open(model.layout, options);
  session.state.set(model.state.subarray(0, statisticsOffset + statisticsSize));
  return session;
}
