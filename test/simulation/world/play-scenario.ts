import type { EndClaim, Scenario, ScenarioAct } from '../../../lock-simulator/scenarios/scenario.ts'
import { violation } from '../checkers/evidence.ts'
import type { Violation } from './notes.ts'
import type { World } from './open-world.ts'

const minuteMs = 60_000
const metresPerDegree = 111_195
const carryStepMs = 5_000

/** Lays every act of a scenario on the clock. */
export function playScenario(world: World, scenario: Scenario, startedAtMs: number): void {
  for (const act of scenario.acts) {
    world.clock.schedule(startedAtMs + act.atMinute * minuteMs, () => {
      if (!world.isHealed()) perform(world, act)
    })
  }
}

function perform(world: World, act: ScenarioAct): void {
  const { clock, air, server, notes } = world
  const later = (ms: number, what: () => void) => clock.schedule(clock.nowMs() + ms, what)
  const locks = act.bikes === undefined || act.bikes === 'all' ? world.locks : act.bikes.map((at) => world.locks[at]!)
  notes.trace(`${clock.nowMs()} ${act.act}`)
  notes.count(`act ${act.act}`)
  switch (act.act) {
    case 'coverage':
      for (const lock of locks) lock.setAntenna(act.isOn)
      break
    case 'jam':
      for (const lock of locks) lock.jam(act.isOn)
      break
    case 'force-open':
      for (const lock of locks) lock.forceOpen()
      break
    case 'push-lever':
      for (const lock of locks) lock.pushLever()
      break
    case 'carry': {
      const untilMs = clock.nowMs() + act.forMinutes * minuteMs
      const stepM = (act.metresPerMinute * carryStepMs) / minuteMs
      const step = (): void => {
        const isThere = clock.nowMs() >= untilMs
        for (const lock of locks) {
          const { lon, lat } = lock.whereabouts()
          const [eastM, northM] = isThere ? [0, 0] : [stepM * 0.6, stepM * 0.8]
          const speedMps = isThere ? 0 : act.metresPerMinute / 60
          lock.carry({
            lon: lon + eastM / (metresPerDegree * Math.cos((lat * Math.PI) / 180)),
            lat: lat + northM / metresPerDegree,
            headingDeg: 37,
            speedMps,
          })
        }
        if (!isThere) later(carryStepMs, step)
      }
      step()
      break
    }
    case 'stranger': {
      const untilMs = clock.nowMs() + act.forMinutes * minuteMs
      const again = (): void => {
        for (const { lockId } of locks) if (air.isConnected(lockId)) air.takeOver(lockId)
        if (clock.nowMs() < untilMs) later(act.everySeconds * 1_000, again)
      }
      again()
      break
    }
    case 'broker-restart':
      world.setBrokerDown(true)
      air.restartBroker()
      later(act.downSeconds * 1_000, () => world.setBrokerDown(false))
      break
    case 'database-away':
      server.setDatabaseAway(true)
      later(act.forSeconds * 1_000, () => server.setDatabaseAway(false))
      break
  }
}

/** What the story claims of its end, and is not so. */
export async function claimsThatFail(world: World, scenario: Scenario): Promise<readonly Violation[]> {
  const found: Violation[] = []
  for (const claim of scenario.atTheEnd) {
    const why = await whyNot(world, claim)
    if (why !== null) found.push(violation('the-story-ends-well', `${JSON.stringify(claim)}: ${why}`))
  }
  return found
}

async function whyNot(world: World, claim: EndClaim): Promise<string | null> {
  const { db, notes, bikes, lockIds } = world
  const number = async (text: string, values: readonly unknown[] = []) =>
    Number((await db.query<{ n: number }>(text, values)).rows[0]?.n ?? 0)
  switch (claim.claim) {
    case 'rides': {
      const { ride = 0 } = notes.counts()
      return ride >= claim.atLeast ? null : `${ride} rides`
    }
    case 'reports-of': {
      const stored = await number('SELECT count(*) AS n FROM lock_report WHERE lock_id = $1', [lockIds[claim.bike]])
      return stored >= claim.atLeast ? null : `${stored} reports`
    }
    case 'alarm': {
      const told = await number('SELECT count(*) AS n FROM alarm WHERE bike_id = $1 AND kind = $2', [
        bikes[claim.bike]?.bikeId,
        claim.kind,
      ])
      return told > 0 ? null : 'nobody was told'
    }
    case 'tracked': {
      const metres = await number(
        `SELECT ST_Length(ST_MakeLine(geom ORDER BY made_at)::geography) AS n FROM position
          WHERE lock_id = $1 AND geom IS NOT NULL`,
        [lockIds[claim.bike]],
      )
      return metres >= claim.metres ? null : `${Math.round(metres)} m of its way are known`
    }
    case 'trip-failed-free': {
      const free = await number(
        `SELECT count(*) AS n FROM trip JOIN payment USING (payment_id)
          WHERE trip.bike_id = $1 AND trip.state = 'failed' AND captured_minor = 0`,
        [bikes[claim.bike]?.bikeId],
      )
      return free > 0 ? null : 'no ride of it failed'
    }
    case 'every-ride-charged-or-free': {
      const left = await number(`SELECT count(*) AS n FROM trip WHERE state NOT IN ('charged', 'failed', 'cancelled')`)
      return left === 0 ? null : `${left} rides are neither`
    }
  }
}
