import { openRawWebSocket, type RawWebSocket } from '../test/fixtures/raw-websocket.ts'
import { liveCentre, seeded } from './live-world.ts'

/** What the bench asks of the process of dashboards; each is answered with a `Heard`. */
export type DashboardOrder =
  | { readonly kind: 'open'; readonly url: string; readonly count: number }
  /** Forgets what was heard until now. */
  | { readonly kind: 'count' }
  | { readonly kind: 'close' }

export interface Heard {
  readonly frames: number
  readonly late: number
  readonly bytes: number
  readonly closed: number
}

/** A frame that comes so long after its tick is late: a desk would show the second before. */
const lateAfterMs = 500
const lookAgainEveryMs = 3_000
const deltaKind = 1
const random = seeded(3)

let sockets: RawWebSocket[] = []
let heard = { frames: 0, late: 0, bytes: 0, closed: 0 }

/** A desk's window somewhere over the city: a street corner or half of it. */
function anyView(): string {
  const zoom = 13 + random() * 4
  const across = 360 / 2 ** zoom
  const [lon, lat] = [liveCentre.lon + (random() - 0.5) * 0.08, liveCentre.lat + (random() - 0.5) * 0.03]
  const box = [lon - 1.25 * across, lat - 0.5 * across, lon + 1.25 * across, lat + 0.5 * across]
  return JSON.stringify({ view: { box, zoom, follow: null } })
}

function take(message: Buffer, isText: boolean): void {
  heard.bytes += message.length
  if (isText || message.readUInt16LE(6) !== deltaKind) return
  heard.frames += 1
  if (Date.now() - message.readDoubleLE(16) > lateAfterMs) heard.late += 1
}

async function obey(order: DashboardOrder): Promise<void> {
  if (order.kind === 'open') {
    for (let dashboard = 0; dashboard < order.count; dashboard++) {
      const socket = await openRawWebSocket(`${order.url}/v1/staff/live`, { authorization: 'Bearer bench' }, take)
      socket.send(anyView())
      void socket.closed.then(() => {
        heard.closed += 1
      })
      sockets.push(socket)
    }
  }
  if (order.kind === 'close') {
    for (const socket of sockets) socket.destroy()
    sockets = []
  }
  const answer: Heard = heard
  if (order.kind === 'count') heard = { frames: 0, late: 0, bytes: 0, closed: 0 }
  process.send?.(answer)
}

if (process.send) {
  process.on('message', (order: DashboardOrder) => void obey(order))
  process.on('disconnect', () => process.exit(0))
  setInterval(() => {
    const socket = sockets[Math.floor(random() * sockets.length)]
    socket?.send(anyView())
  }, lookAgainEveryMs / 20)
}
