import { setTimeout as sleep } from 'node:timers/promises'
import { Value } from 'typebox/value'
import { ClockView } from '../../contracts/http/demo.ts'
import { cityMsOn, realMsOn, speedOn } from './core/clock-line.ts'
import type { Log } from './log.ts'
import { eventData } from './sse-lines.ts'

/** The server's city clock as it is known here. While its stream stands, the server is there. */
export interface ServerClock {
  /** City time, whole ms; never goes back. */
  nowMs(): number
  speed(): number
  realMsAt(cityMs: number): number
  onChange(listener: () => void): void
  isServerHere(): boolean
  /** Resolves once the server is there: at once if it is. */
  serverHere(): Promise<void>
  stop(): void
}

const firstRetryMs = 250
const slowestRetryMs = 5_000

/** Follows the clock for ever; resolves after the first reading. */
export async function followServerClock(zwermUrl: string, log: Log): Promise<ServerClock> {
  const stopped = new AbortController()
  const listeners: (() => void)[] = []
  let view: ClockView | null = null
  let latestMs = 0
  let isHere = false
  let waiting: (() => void)[] = []

  const take = (text: string): void => {
    view = Value.Parse(ClockView, JSON.parse(text))
    if (!isHere) {
      isHere = true
      for (const go of waiting.splice(0)) go()
    }
    for (const listener of listeners) listener()
  }

  /** Until the stream ends or breaks. */
  async function listen(): Promise<void> {
    const answer = await fetch(`${zwermUrl}/demo/clock/stream`, { signal: stopped.signal })
    if (!answer.ok || answer.body === null) throw new Error(`the clock's stream answered ${answer.status}`)
    for await (const data of eventData(answer.body)) {
      if (!isHere) log.line(view === null ? 'the server is there' : 'the server is back')
      take(data)
    }
  }

  async function follow(): Promise<void> {
    let failures = 0
    while (!stopped.signal.aborted) {
      await listen().catch((error: unknown) => {
        if (view === null) log.trouble('clock', `waiting for the server (${messageOf(error)})`)
      })
      if (stopped.signal.aborted) return
      if (isHere) {
        failures = 0
        log.line('the server is away: riders wait, locks keep what they have to say')
      }
      isHere = false
      const pauseMs = Math.min(slowestRetryMs, firstRetryMs * 2 ** Math.min(failures++, 10))
      await sleep(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined)
    }
  }
  const following = follow()
  const serverHere = (): Promise<void> => (isHere ? Promise.resolve() : new Promise((go) => waiting.push(go)))

  await Promise.race([serverHere(), following])
  const known = (): ClockView => view ?? { now: { realAtMs: Date.now(), cityAtMs: Date.now(), speed: 1 }, next: null }
  return {
    nowMs: () => {
      latestMs = Math.max(latestMs, cityMsOn(known(), Date.now()))
      return latestMs
    },
    speed: () => speedOn(known(), Date.now()),
    realMsAt: (cityMs) => realMsOn(known(), cityMs),
    onChange: (listener) => {
      listeners.push(listener)
    },
    isServerHere: () => isHere,
    serverHere,
    stop: () => {
      stopped.abort()
      waiting = []
    },
  }
}

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
