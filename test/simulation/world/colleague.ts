import type { NewStaffCommand } from '../../../contracts/http/bike-page.ts'
import { asId, type BikeId, type CommandId, type StaffId } from '../../../contracts/ids.ts'
import type { Random } from '../../../contracts/random.ts'
import { isRefusal } from '../../../contracts/refusals.ts'
import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import type { Notes } from './notes.ts'
import type { Server } from './server.ts'

/** A page repeats what got no answer, under the same id. */
const askAgainMs = 4_000
const mostTries = 5

/** Somebody at the desk who asks locks for something, now and then, and sometimes thinks better of it. */
export function createColleague(settings: {
  readonly clock: VirtualClock
  readonly random: Random
  readonly server: Server
  readonly notes: Notes
  readonly staffId: StaffId
  readonly bikeIds: readonly string[]
  /** Mean minutes between two wishes. */
  readonly everyMinutes: number
  /** The world is healed: ask for nothing more. */
  readonly isOver: () => boolean
}) {
  const { clock, random, server, notes, isOver } = settings

  function work(): void {
    clock.schedule(clock.nowMs() + random.integer(1_000, settings.everyMinutes * 120_000), () => {
      if (isOver()) return
      const bikeId = asId<BikeId>(random.pick(settings.bikeIds))
      const op = random.pick(['beep', 'locate', 'reboot', 'reboot', 'unlock', 'unlock', 'lock', 'lock'] as const)
      const commandId = randomUuid(random)
      const order: NewStaffCommand = { commandId, op, reason: 'a seed wants it' }
      void ask(bikeId, op === 'unlock' ? { ...order, leavesOpen: true } : order, 1)
      if (random.chance(0.1)) later(random.integer(0, 60_000), () => void cancel(bikeId, commandId))
      work()
    })
  }

  async function ask(bikeId: BikeId, order: NewStaffCommand, tries: number): Promise<void> {
    notes.trace(`${clock.nowMs()} desk ${order.op} ${bikeId}`)
    const answer = await server.ask((rooms) => rooms.staffCommands.ask(bikeId, settings.staffId, order))
    if (answer.kind === 'answered') {
      notes.count(isRefusal(answer.value) ? `desk refused ${answer.value.code}` : `desk ${order.op}`)
    } else if (tries < mostTries) {
      later(askAgainMs, () => void ask(bikeId, order, tries + 1))
    }
  }

  async function cancel(bikeId: BikeId, commandId: string): Promise<void> {
    const answer = await server.ask((rooms) => rooms.staffCommands.cancel(bikeId, asId<CommandId>(commandId)))
    if (answer.kind === 'answered' && !isRefusal(answer.value)) notes.count('desk cancel')
  }

  function later(ms: number, act: () => void): void {
    clock.schedule(clock.nowMs() + ms, () => {
      if (!isOver()) act()
    })
  }

  return { work }
}

function randomUuid(random: Random): string {
  const hex = Array.from({ length: 16 }, () => random.integer(0, 255).toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
