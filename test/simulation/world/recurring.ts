import type { Random } from '../../../contracts/random.ts'
import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import type { Notes } from './notes.ts'

export interface MishapSettings {
  readonly clock: VirtualClock
  readonly random: Random
  readonly notes: Notes
  readonly isOver: () => boolean
}

/** Does `act` again and again, `everyMinutes` apart on average, until the world is healed. */
export function recurring(
  settings: MishapSettings,
  name: string,
  everyMinutes: number | null,
  act: (random: Random) => void,
): void {
  if (everyMinutes === null) return
  const { clock, isOver } = settings
  const random = settings.random.split(name)
  const next = (): void => {
    clock.schedule(clock.nowMs() + random.integer(1_000, Math.max(2_000, Math.round(everyMinutes * 120_000))), () => {
      if (isOver()) return
      act(random)
      next()
    })
  }
  next()
}

/** Once, some time from now, unless the world is healed by then. */
export function later(
  settings: MishapSettings,
  random: Random,
  [fromMs, toMs]: readonly [number, number],
  act: () => void,
): void {
  const { clock, isOver } = settings
  clock.schedule(clock.nowMs() + random.integer(fromMs, toMs), () => {
    if (!isOver()) act()
  })
}
