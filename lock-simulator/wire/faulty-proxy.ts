import { connect, createServer, type Socket } from 'node:net'
import { assert } from '../../contracts/assert.ts'
import type { Random } from '../../contracts/random.ts'

/** What may go wrong with a connection on its way. */
export const lineFaults = ['cut', 'cut_in_packet', 'half_open', 'refused', 'late', 'splintered'] as const
/**
 * `cut_in_packet`: the next bytes arrive in part, then nothing. `half_open`: nothing arrives any more in either
 * direction, and neither side is told. `refused`: the next connection hears a CONNACK with "server unavailable".
 * `late`: everything is held back for a while. `splintered`: the next bytes arrive one by one.
 */
export type LineFault = (typeof lineFaults)[number]

/** A network between locks and broker that can be told to fail. Carries TLS as well, except that it cannot refuse it. */
export interface FaultyProxy {
  readonly port: number
  /** Lets this happen to a connection of its own choice; false: there is none that is well. */
  strike(fault: LineFault): boolean
  /** How often each really happened. */
  counts(): Readonly<Record<LineFault, number>>
  /** Nothing is wrong any more: what was held back arrives, and half-open connections are over for both sides. */
  heal(): void
  close(): Promise<void>
}

const host = '127.0.0.1'
const shortestDelayMs = 50
const longestDelayMs = 2_000
/** What a carrier takes to forget a connection for good: then the broker's side is over too. */
const forgottenAfterMs = 20_000
const packetTypeConnect = 0x10
const serverUnavailable = Buffer.from([0x20, 0x02, 0x00, 0x03])

interface Line {
  readonly lock: Socket
  readonly broker: Socket
  fault: Exclude<LineFault, 'cut' | 'refused'> | null
  /** Of a late line: what waits, in its order. */
  readonly held: { readonly to: Socket; readonly bytes: Buffer }[]
  timer: NodeJS.Timeout | null
}

/** @param random which connection is struck, where it is cut, how late is late */
export async function openFaultyProxy(brokerPort: number, random: Random): Promise<FaultyProxy> {
  const lines = new Set<Line>()
  const counts: Record<LineFault, number> = {
    ...{ cut: 0, cut_in_packet: 0, half_open: 0, refused: 0, late: 0, splintered: 0 },
  }
  let refusals = 0

  const server = createServer({ noDelay: true }, (lock) => {
    lock.on('error', () => undefined)
    if (refusals === 0) return join(lock)
    refusals -= 1
    lock.once('data', ([first]) => {
      counts.refused += 1
      if (first === packetTypeConnect) lock.end(serverUnavailable)
      else lock.destroy()
    })
  })

  function join(lock: Socket): void {
    const broker = connect({ host, port: brokerPort, noDelay: true })
    const line: Line = { lock, broker, fault: null, held: [], timer: null }
    lines.add(line)
    broker.on('error', () => undefined)
    lock.on('data', (bytes: Buffer) => carry(line, broker, bytes))
    broker.on('data', (bytes: Buffer) => carry(line, lock, bytes))
    // The other side of a half-open connection hears of nothing.
    lock.on('close', () => line.fault !== 'half_open' && cut(line))
    broker.on('close', () => line.fault !== 'half_open' && cut(line))
  }

  function carry(line: Line, to: Socket, bytes: Buffer): void {
    switch (line.fault) {
      case null:
        to.write(bytes)
        break
      case 'half_open':
        break
      case 'late':
        line.held.push({ to, bytes })
        break
      case 'splintered':
        line.fault = null
        counts.splintered += 1
        for (let at = 0; at < bytes.length; at++) to.write(bytes.subarray(at, at + 1))
        break
      case 'cut_in_packet':
        counts.cut_in_packet += 1
        to.end(bytes.subarray(0, random.integer(0, bytes.length - 1)))
        cut(line)
        break
    }
  }

  function cut(line: Line): void {
    lines.delete(line)
    if (line.timer !== null) clearTimeout(line.timer)
    for (const socket of [line.lock, line.broker]) if (!socket.writableEnded) socket.destroy()
  }

  function release(line: Line): void {
    line.fault = null
    for (const { to, bytes } of line.held.splice(0)) to.write(bytes)
  }

  function strike(fault: LineFault): boolean {
    if (fault === 'refused') {
      refusals += 1
      return true
    }
    const well = [...lines].filter((line) => line.fault === null)
    if (well.length === 0) return false
    const line = random.pick(well)
    if (fault === 'cut') {
      counts.cut += 1
      cut(line)
      return true
    }
    line.fault = fault
    if (fault === 'half_open') {
      counts.half_open += 1
      line.timer = setTimeout(() => cut(line), forgottenAfterMs)
    }
    if (fault === 'late') {
      counts.late += 1
      line.timer = setTimeout(() => release(line), random.integer(shortestDelayMs, longestDelayMs))
    }
    return true
  }

  await new Promise<void>((listening) => server.listen(0, host, listening))
  const address = server.address()
  assert(address !== null && typeof address === 'object', 'a listening server has a port')
  return {
    port: address.port,
    strike,
    counts: () => counts,
    heal: () => {
      refusals = 0
      for (const line of [...lines]) {
        if (line.timer !== null) clearTimeout(line.timer)
        if (line.fault === 'half_open') cut(line)
        else release(line)
      }
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const line of [...lines]) cut(line)
      await closed
    },
  }
}
