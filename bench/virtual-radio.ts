import type { Schedule } from '../lock-simulator/body/schedule.ts'
import type { Radio, RadioHandlers } from '../lock-simulator/radio/radio.ts'

/** One way over a cellular network, and the commit. */
const pubackAfterMs = 150
const connectSpreadMs = 300_000

export interface Heard {
  messages: number
  bytes: number
}

/** A broker that acknowledges whatever it hears and keeps nothing: what is measured is the lock. */
export function acknowledgingRadio(settings: {
  readonly nowMs: () => number
  readonly schedule: Schedule
  /** Uniform in [0, 1): a fleet does not connect as one. */
  readonly at: number
  readonly heard: Heard
}): { readonly radio: Radio; readonly handlers: () => RadioHandlers | null } {
  const { nowMs, schedule, heard } = settings
  let handlers: RadioHandlers | null = null
  const sid = '0000000000000000'
  const radio: Radio = {
    switchOn: (given) => {
      handlers = given
      schedule(nowMs() + Math.floor(settings.at * connectSpreadMs), () => handlers?.connected(sid))
    },
    publish: ({ ref, payload }) => {
      heard.messages += 1
      heard.bytes += payload.length
      schedule(nowMs() + pubackAfterMs, () => handlers?.puback(ref))
    },
    closeConnection: () => undefined,
    setAntenna: () => undefined,
    setReconnectSpread: () => undefined,
    switchOff: () => {
      handlers = null
    },
  }
  return { radio, handlers: () => handlers }
}
