/** Does `work` once after `delayMs`; the simulation passes one that follows its own clock. */
export type Schedule = (delayMs: number, work: () => void) => void

/** Timers of this process. They do not keep it alive: what they would do is done again at the next start. */
export const realSchedule: Schedule = (delayMs, work) => {
  setTimeout(work, delayMs).unref()
}
