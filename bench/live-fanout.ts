import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { maxUnreadBytes } from '../server/fleet/live-hub.ts'
import { openRawWebSocket, type RawWebSocket } from '../test/fixtures/raw-websocket.ts'
import type { DashboardOrder, Heard } from './live-dashboards.ts'
import { openLiveServer } from './live-server.ts'
import { type LiveWorld, makeLiveWorld, median, rounded, seeded } from './live-world.ts'

const bikes = 10_000
const sizes = [1, 50, 200]
const tickEveryMs = 1_000
const warmTicks = 4
const measuredTicks = 12
/** More of the whole city than the system keeps of a line that nobody reads. */
const maxFillingTicks = 400
const maxTicksToCut = 60
const everything = JSON.stringify({ view: { box: [-180, -85, 180, 85], zoom: 15, follow: null } })

type Server = Awaited<ReturnType<typeof openLiveServer>>

/**
 * What open desks cost the server: 10,000 bikes that all move, 1 Hz, each desk with a window of its own that it moves now
 * and then; the desks are real sockets in another process. `cpu_ms_per_s`: this process without the moving of the bikes.
 * `late_frames`: came more than half a second after their tick. Then the same with one reader that never reads.
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const wanted = args.length === 0 ? sizes : args.map(Number)
  const child = fork(fileURLToPath(new URL('./live-dashboards.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  })
  try {
    const rows: Record<string, number>[] = []
    for (const dashboards of wanted) {
      const row = await measure(child, dashboards, null)
      process.stderr.write(`${JSON.stringify(row)}\n`)
      rows.push(row.row)
    }
    const stalled = await measure(child, Math.max(...wanted), everything)
    process.stderr.write(`${JSON.stringify(stalled)}\n`)
    return { bikes, rows, stalled: { ...stalled.row, ...stalled.more } }
  } finally {
    child.disconnect()
  }
}

async function measure(child: ChildProcess, dashboards: number, stalledView: string | null) {
  const world = makeLiveWorld(bikes, seeded(7))
  const server = await openLiveServer(world)
  const url = await server.listen()
  try {
    const stalled = stalledView === null ? null : await stall(server, world, url, stalledView)
    await tell(child, { kind: 'open', url, count: dashboards })
    const cpu: number[] = []
    await ticks(server, world, warmTicks, () => undefined)
    await tell(child, { kind: 'count' })
    await ticks(server, world, measuredTicks, (usedMs) => cpu.push(usedMs))
    const heard = await tell(child, { kind: 'count' })
    const row = {
      dashboards,
      cpu_ms_per_s: rounded(median(cpu), 1),
      rss_mb: Math.round(process.memoryUsage.rss() / 2 ** 20),
      late_frames: heard.late,
    }
    const more = {
      frames: heard.frames,
      mb_per_s: rounded(heard.bytes / measuredTicks / 2 ** 20, 2),
      ...(stalled === null ? {} : await endOfStalled(server, world, dashboards)),
    }
    return { row, more }
  } finally {
    await tell(child, { kind: 'close' })
    await server.close()
  }
}

async function endOfStalled(server: Server, world: LiveWorld, dashboards: number) {
  const unread = mostUnread(server)
  const more = (await cutAfter(server, world, dashboards)) ?? Number.NaN
  return { unread_kb: Math.round(unread / 1_024), cut_after_ticks: warmTicks + measuredTicks + more }
}

async function tell(child: ChildProcess, order: DashboardOrder): Promise<Heard> {
  const answered = once(child, 'message')
  child.send(order)
  return (await answered)[0] as Heard
}

/** At the pace of the desk; tells the processor time of each second, without what moving the bikes took. */
async function ticks(server: Server, world: LiveWorld, count: number, tellMs: (usedMs: number) => void): Promise<void> {
  let nextMs = performance.now()
  for (let tick = 0; tick < count; tick++) {
    const ridingMs = rideMs(world)
    const before = process.cpuUsage()
    server.hub.tick()
    nextMs += tickEveryMs
    await after(Math.max(0, nextMs - performance.now() - ridingMs))
    const { user, system } = process.cpuUsage(before)
    tellMs((user + system) / 1_000)
  }
}

function rideMs(world: LiveWorld): number {
  const startedMs = performance.now()
  world.ride(Date.now())
  return performance.now() - startedMs
}

/** A reader whose line is full: it looked at the whole city and never read. */
async function stall(server: Server, world: LiveWorld, url: string, view: string): Promise<RawWebSocket> {
  const socket = await openRawWebSocket(`${url}/v1/staff/live`, { authorization: 'Bearer bench' }, () => undefined)
  socket.send(view)
  await after(tickEveryMs)
  socket.pause()
  for (let tick = 0; tick < maxFillingTicks && mostUnread(server) <= maxUnreadBytes; tick++) {
    world.ride(Date.now())
    server.hub.tick()
    // the line takes what it can before the next
    await after(1)
  }
  return socket
}

const mostUnread = ({ app }: Server): number =>
  Math.max(0, ...[...app.websocketServer.clients].map(({ bufferedAmount }) => bufferedAmount))

/** Ticks until the server has had enough of it; null when it never has. */
async function cutAfter(server: Server, world: LiveWorld, dashboards: number): Promise<number | null> {
  for (let tick = 1; tick <= maxTicksToCut; tick++) {
    if (server.app.websocketServer.clients.size <= dashboards) return tick
    world.ride(Date.now())
    server.hub.tick()
    await after(tickEveryMs / 20)
  }
  return null
}
