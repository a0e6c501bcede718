import type { Schedule } from '../body/schedule.ts'
import { type Bike, chanceOf, setJam } from './bike.ts'

/** A bolt that does not move is pushed again, with some wiggling at the wheel. */
const pushesBeforeGivingUp = 6
const wiggleEveryMs = 12_000
/** How long the lock needs to see that it is closed; a second push before that helps nobody. */
const clickWithinMs = 3_000

/** Pushes the lever until the bolt is closed; tells whether it is. Called off by the returned function. */
export function pushUntilClosed(
  { schedule, nowMs }: { schedule: Schedule; nowMs: () => number },
  bike: Bike,
  tell: (isClosed: boolean) => void,
): () => void {
  let pushes = 0
  let cancel: () => void = () => undefined
  function push(): void {
    if (bike.lock.boltPosition() === 'closed') {
      tell(true)
      return
    }
    if (pushes >= pushesBeforeGivingUp) {
      tell(false)
      return
    }
    // The spoke that was in the way gives in to the second or third push.
    if (pushes >= 1 && bike.isJammed && bike.random.chance(0.6)) setJam(bike, false)
    if (pushes === 0 && bike.random.chance(chanceOf(bike, 'jamClosingChance'))) setJam(bike, true)
    pushes++
    bike.lock.pushLever()
    cancel = schedule(nowMs() + (bike.isJammed ? wiggleEveryMs : clickWithinMs), push)
  }
  cancel = schedule(nowMs(), push)
  return () => cancel()
}
