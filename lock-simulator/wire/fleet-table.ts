import type { CommandSample } from './command-sample.ts'
import type { CrowdCount } from './crowd-orders.ts'

/** What a fleet has shown, as lines for a terminal. */
export interface FleetShown {
  readonly count: CrowdCount
  readonly processes: number
  readonly connectS: number
  /** Null: nobody was asked. */
  readonly commands: CommandSample | null
  /** Of the server; null when it is somebody else's process. */
  readonly serverRssBytes: number | null
}

const million = 1_000_000
const nameWidth = 34

export function fleetTable({ count, processes, connectS, commands, serverRssBytes }: FleetShown): string {
  const { locks, connected, heard, rssBytes } = count
  const rows: (readonly [string, string])[] = [
    ['locks', `${locks} in ${processes} processes`],
    ['connected and heard', `${heard} (${connected} connected)`],
    ['lost', `${locks - heard}`],
    ['everybody heard after', `${connectS.toFixed(1)} s`],
    ['connections lost, refused', `${count.lostConnections}, ${count.refused}`],
    ['messages stored', `${count.messagesStored}`],
    ['memory of the locks', `${megabytes(rssBytes)}, ${Math.round(rssBytes / locks / 1_000)} kB a lock`],
  ]
  if (serverRssBytes !== null) rows.push(['memory of the server', megabytes(serverRssBytes)])
  if (commands === null) rows.push(['commands', 'none: no STAFF_LINK'])
  else {
    const { asked, unanswered, toLock, roundTrip } = commands
    rows.push(['commands asked, unanswered', `${asked}, ${unanswered}`])
    rows.push(['request to lock, p50 and p99', `${toLock.p50} ms, ${toLock.p99} ms`])
    rows.push(['there and back, p50 and p99', `${roundTrip.p50} ms, ${roundTrip.p99} ms`])
  }
  return rows.map(([name, value]) => `  ${name.padEnd(nameWidth)}${value}`).join('\n')
}

const megabytes = (bytes: number): string => `${Math.round(bytes / million)} MB`
