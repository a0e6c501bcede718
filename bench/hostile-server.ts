import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, startChild } from '../scripts/start/child.ts'
import { startEmbeddedPostgres } from '../server/platform/embedded-postgres/start-embedded-postgres.ts'
import { openPgDatabase } from '../server/platform/pg-database.ts'

/** The server as it runs, its own process and database, and everything that can be seen of it from outside. */
export interface HostileServer {
  readonly url: string
  readonly mqttPort: number
  readonly factoryToken: string
  /** Counters of the broker and the ingest, by kind. */
  counters(): Promise<ReadonlyMap<string, number>>
  /** What every table holds, but those that the clock moves by itself. */
  holdings(): Promise<Readonly<Record<string, string>>>
  /** Resident memory, bytes. */
  rss(): Promise<number>
  hasEnded(): boolean
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

export async function openHostileServer(onComplaint: (line: string) => void): Promise<HostileServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zwerm-hostile-'))
  const database = await startEmbeddedPostgres({ folder: join(dataDir, 'postgres') })
  let ended = false
  const child: Child = startChild({
    name: 'server',
    program: 'server/main.ts',
    onLine: (_, line) => {
      if (!/^\{"level":[234]0/.test(line)) onComplaint(line)
    },
    env: {
      ...{ ZWERM_DATABASE_SOCKET: database.host, ZWERM_DATABASE_PORT: String(database.port), DATA_DIR: dataDir },
      ...{ PORT: '0', MQTT_PORT: '0', LOG_LEVEL: 'warn', CITY_SPEED: '1' },
    },
  })
  void child.exited.then(() => {
    ended = true
  })
  const { url, mqttPort } = await child.ready
  const db = openPgDatabase({ kind: 'embedded', host: database.host, port: database.port })
  return {
    url: String(url),
    mqttPort: Number(mqttPort),
    factoryToken: (await readFile(join(dataDir, 'secrets', 'factory-token'), 'utf8')).trim(),
    hasEnded: () => ended,
    counters: async () => {
      const text = await (await fetch(`${String(url)}/metrics`)).text()
      const found = new Map<string, number>()
      for (const [, event = '', value] of text.matchAll(/^zwerm_broker_events_total\{event="(\w+)"\} (\d+)/gm)) {
        found.set(event, Number(value))
      }
      found.set('unreadable', Number(/^zwerm_uplinks_refused_total (\d+)/m.exec(text)?.[1] ?? 0))
      found.set('stored', Number(/^zwerm_uplink_records_total\{kind="all"\} (\d+)/m.exec(text)?.[1] ?? 0))
      return found
    },
    holdings: async () => {
      const { rows } = await db.query<{ name: string }>(
        `SELECT quote_ident(relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'public' AND relkind = 'r' AND relname <> ALL ($1)`,
        [goOn],
      )
      const held: Record<string, string> = {}
      for (const { name } of rows) {
        // That a lock which was let in was heard is true, whatever it said.
        const { rows: sums } = await db.query<{ sum: string }>(
          `SELECT count(*) || ':' || coalesce(sum(hashtext((to_jsonb(t) - 'last_heard_at')::text)::bigint), 0) AS sum FROM ${name} t`,
        )
        held[name] = sums[0]?.sum ?? ''
      }
      return held
    },
    rss: async () => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024
    },
    close: async () => {
      await child.stop()
      await db.close()
      await database.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
