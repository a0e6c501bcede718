/** Runs `act` when the clock reaches `atMs` (never synchronously); returns how to call it off. Real or virtual. */
export type Schedule = (atMs: number, act: () => void) => () => void

/** The machine's own clock. */
export const realSchedule: Schedule = (atMs, act) => {
  const timer = setTimeout(act, Math.max(0, atMs - Date.now()))
  return () => clearTimeout(timer)
}
