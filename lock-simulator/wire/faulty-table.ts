import type { FaultyFleet } from './faulty-fleet.ts'
import { troubles } from './wire-swarm.ts'

const nameWidth = 34

/** What a fleet with faults has shown, for a terminal, and whether all of it is as it must be. */
export function faultyTable({ swarm, fired, count, verdict, commandsAsked }: FaultyFleet): {
  readonly text: string
  readonly isWell: boolean
} {
  const enabled = troubles.filter((trouble) => swarm[trouble] !== null)
  const never = enabled.filter((trouble) => fired[trouble] === 0)
  const lost = count.locks - count.heard
  const wrong = lost + count.waitingEvents + count.obeyedTwice + verdict.missing + verdict.doubled + verdict.open
  const rows: (readonly [string, string])[] = [
    ...enabled.map((trouble) => [trouble, `${fired[trouble]} times`] as const),
    ['left out by the seed', troubles.filter((trouble) => swarm[trouble] === null).join(', ') || 'nothing'],
    ['locks heard after healing, lost', `${count.heard} of ${count.locks}, ${lost}`],
    ['connections lost meanwhile', `${count.lostConnections}`],
    ['events that are not told', `${count.waitingEvents}`],
    ['records acknowledged, missing', `${verdict.acknowledged}, ${verdict.missing}`],
    ['records doubled', `${verdict.doubled}`],
    ['reports and commands undecided', `${verdict.open}`],
    ['asked to open, obeyed, twice', `${commandsAsked}, ${count.obeyed}, ${count.obeyedTwice}`],
  ]
  const lines = rows.map(([name, value]) => `  ${name.padEnd(nameWidth)}${value}`)
  if (never.length > 0)
    lines.push(`  never happened, which proves nothing: ${never.join(', ')}; give it more --minutes`)
  return { text: lines.join('\n'), isWell: wrong === 0 }
}
