import type { TripState } from '../../contracts/http/trips.ts'

export type TripAct = 'pause' | 'resume' | 'cancel' | 'end' | 'free-exit'

/** What a rider pressed and the server has not answered yet. */
export interface KeptPress {
  readonly name: TripAct
  readonly body: { readonly reason: string } | undefined
  /** Wall clock of this device: unlike a page's own clock it goes on while the phone sleeps. */
  readonly atMs: number
}

/** Who pressed longer ago than this did not mean it for now. */
const longestWaitMs = 600_000
/** A lock opens for who stands beside it: not a minute later, for who walked on. */
const longestResumeWaitMs = 60_000

/** How long after the press the server may still be asked. */
export const freshForMs = (name: TripAct): number => (name === 'resume' ? longestResumeWaitMs : longestWaitMs)

/** Whether the rider still means it. A clock that was turned back proves nothing: then nothing is sent. */
export function mayStillBeSent(press: KeptPress, nowMs: number): boolean {
  const ageMs = nowMs - press.atMs
  return ageMs >= 0 && ageMs <= freshForMs(press.name)
}

/** Whether a press still has a meaning in this state; most are over when their state is. */
export function isMeantIn({ name, body }: KeptPress, state: TripState): boolean {
  switch (name) {
    case 'pause':
      return state === 'riding'
    case 'resume':
      return state === 'paused'
    case 'cancel':
      return state === 'promised'
    case 'end':
      // "End the ride here" was said of a locked bike; that the lock does not obey holds whatever it says meanwhile.
      return state === 'paused' || (state === 'riding' && body?.reason !== 'other')
    case 'free-exit':
      return ['riding', 'paused', 'ending', 'ended', 'charged'].includes(state)
  }
}

const slot = (tripId: string) => `press:${tripId}`

/** Over a reload, and while another page is looked at in this tab. Null: nothing waits any more. */
export function storePress(tripId: string, press: KeptPress | null): void {
  if (press === null) sessionStorage.removeItem(slot(tripId))
  else sessionStorage.setItem(slot(tripId), JSON.stringify(press))
}

export function storedPress(tripId: string): KeptPress | null {
  const text = sessionStorage.getItem(slot(tripId))
  return text === null ? null : (JSON.parse(text) as KeptPress)
}
