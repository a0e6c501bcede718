import { asId, type BikeId } from '../../../contracts/ids.ts'
import { isRefusal } from '../../../contracts/refusals.ts'
import type { Violation } from '../world/notes.ts'
import { colleagueId, type World } from '../world/open-world.ts'
import { violation } from './evidence.ts'

/** An unlock lives fifteen seconds; a lock that has just said nothing for long is asked for a sign first. */
const answerWithinMs = 60_000
/** Of a large street so many locks are asked: each answer is written down like any other. */
const mostAsked = 40

/** Ten minutes after the network has healed: who can be reached is back, has told everything, and is known to be there. */
export function networkIsWell({ locks, air, server }: World): readonly Violation[] {
  return locks.flatMap((lock) => {
    const { lockId } = lock
    const waiting = lock.outbox()
    const believed = server.rooms()?.fleet.shadowOf(lockId).connected
    return [
      ...(air.isConnected(lockId) && lock.isConnected() ? [] : [violation('every-lock-comes-back', lockId)]),
      ...(waiting.events === 0 ? [] : [violation('every-outbox-drains', `${lockId} has ${waiting.events} events`)]),
      // A heartbeat may be under way at any moment; a backlog may not.
      ...(waiting.telemetry <= 1
        ? []
        : [violation('every-outbox-drains', `${lockId} has ${waiting.telemetry} records`)]),
      ...(believed === true ? [] : [violation('presence-comes-right', lockId)]),
    ]
  })
}

/** Everything rests and works: a lock that is asked to open says how that went, and has done what it says. */
export async function askEveryLock(
  { bikes, server, clock, notes, db }: World,
  until: (untilMs: number) => Promise<void>,
): Promise<readonly Violation[]> {
  const step = Math.max(1, Math.ceil(bikes.length / mostAsked))
  const asked = bikes.filter((_, index) => index % step === 0)
  const commandIds: string[] = []
  for (const [index, { bikeId }] of asked.entries()) {
    const commandId = `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`
    const order = { commandId, op: 'unlock' as const, leavesOpen: true as const, reason: 'does it answer?' }
    const answer = await server.ask((rooms) => rooms.staffCommands.ask(asId<BikeId>(bikeId), colleagueId, order))
    if (answer.kind === 'answered' && !isRefusal(answer.value)) commandIds.push(commandId)
  }
  notes.count('asked at the end')
  await until(clock.nowMs() + answerWithinMs)
  const { rows } = await db.query<{ command_id: string; state: string; bike_id: string }>(
    'SELECT command_id, state, bike_id FROM staff_command WHERE command_id = ANY($1)',
    [commandIds],
  )
  const lockOf = new Map(bikes.map(({ bikeId, lock }) => [bikeId, lock]))
  return [
    ...rows
      .filter(({ state }) => state !== 'done')
      .map(({ bike_id, state }) => violation('every-lock-answers', `${bike_id} is asked: ${state}`)),
    ...rows
      .filter(({ state, bike_id }) => state === 'done' && lockOf.get(bike_id)?.boltPosition() !== 'open')
      .map(({ bike_id }) => violation('an-answer-is-true', `${bike_id} said that it opened`)),
    ...(commandIds.length >= asked.length / 2 || asked.length < 4
      ? []
      : [violation('every-lock-answers', `only ${commandIds.length} of ${asked.length} could be asked`)]),
  ]
}
