import { EventEmitter, once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { openOwnPlatform } from '../scripts/start/own-platform.ts'
import { openPgDatabase } from '../server/platform/pg-database.ts'
import type { Memory } from './fleet-memory.ts'

/** The server as it runs, its own process and database, and everything that can be seen of it from outside. */
export interface HostileServer {
  readonly httpUrl: string
  readonly mqttUrl: string
  readonly mqttPort: number
  readonly factoryToken: string
  staffLink(): string
  /** Counters of the broker and the ingest, by kind. */
  counters(): Promise<ReadonlyMap<string, number>>
  /**
   * What every table holds, but those that the clock moves by itself, and rows that name one of these locks or bikes.
   */
  holdings(but: readonly string[]): Promise<Readonly<Record<string, string>>>
  /** Resident memory, bytes; 0 when there is no such process any more. */
  rss(): Promise<number>
  /** What it still holds after everything that can be thrown away was, bytes. */
  held(): Promise<number>
  /** Lines in its log: errors, and complaints of messages that cannot be read, one a minute and lock. */
  logged(): { readonly errors: number; readonly complaints: number }
  close(): Promise<void>
}

/** Written by the clock, whoever asks. */
const goOn = [
  'audit',
  'session',
  'spatial_ref_sys',
  'city_clock',
  'fleet_hour',
  'hotspot_hour',
  'numbers_mark',
  'demand_count',
]
const scrapeLimitMs = 60_000
const settleLimitMs = 60_000

export async function openHostileServer(
  given: { readonly databaseUrl?: string },
  say: (line: string) => void,
): Promise<HostileServer> {
  let [errors, complaints] = [0, 0]
  const settled = new EventEmitter()
  const platform = await openOwnPlatform({
    ...{ ...given, program: 'bench/fleet-server.ts', env: { LOG_LEVEL: 'warn' }, onProgress: say },
    onLine: (_, line) => {
      if (line.startsWith('{"settled"')) return void settled.emit('memory', JSON.parse(line))
      if (/^\{"level":[56]0/.test(line)) errors += 1
      if (line.includes('a message cannot be read and is dropped')) complaints += 1
      else if (!/^\{"level":[23]0/.test(line)) say(line)
    },
  })
  const { httpUrl, mqttUrl, factoryToken, staffLink, close } = platform
  const db = openPgDatabase({ ...platform.database, max: 1 })
  return {
    ...{ httpUrl, mqttUrl, mqttPort: Number(new URL(mqttUrl).port), factoryToken, staffLink },
    held: async () => {
      const heard = once(settled, 'memory', { signal: AbortSignal.timeout(settleLimitMs) })
      platform.send({ settle: true })
      const [{ settled: memory }] = (await heard) as [{ readonly settled: Memory }]
      return memory.heapUsed + memory.external
    },
    logged: () => ({ errors, complaints }),
    counters: async () => {
      const answer = await fetch(`${httpUrl}/metrics`, { signal: AbortSignal.timeout(scrapeLimitMs) })
      const text = await answer.text()
      const found = new Map<string, number>()
      for (const [, event = '', value] of text.matchAll(/^zwerm_broker_events_total\{event="(\w+)"\} (\d+)/gm)) {
        found.set(event, Number(value))
      }
      found.set('unreadable', Number(/^zwerm_uplinks_refused_total (\d+)/m.exec(text)?.[1] ?? 0))
      found.set('stored', Number(/^zwerm_uplink_records_total\{kind="all"\} (\d+)/m.exec(text)?.[1] ?? 0))
      return found
    },
    holdings: async (but) => {
      const { rows } = await db.query<{ name: string }>(
        `SELECT quote_ident(relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'public' AND relkind = 'r' AND relname <> ALL ($1)`,
        [goOn],
      )
      const held: Record<string, string> = {}
      for (const { name } of rows) {
        // That a lock which was let in was heard is true, whatever it said; and that somebody was at the desk.
        const { rows: sums } = await db.query<{ sum: string }>(
          `SELECT count(*) || ':' || coalesce(sum(hashtext((to_jsonb(t) - 'last_heard_at' - 'seen_at')::text)::bigint), 0) AS sum
             FROM ${name} t WHERE to_jsonb(t)::text !~ $1`,
          [but.join('|')],
        )
        held[name] = sums[0]?.sum ?? ''
      }
      return held
    },
    rss: async () => {
      const status = await readFile(`/proc/${platform.serverPid()}/status`, 'utf8').catch(() => '')
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024
    },
    close: async () => {
      await db.close()
      await close()
    },
  }
}
