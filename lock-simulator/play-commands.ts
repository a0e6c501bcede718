import type { Lock } from './body/lock.ts'

interface PlayCommand {
  readonly key: string
  readonly name: string
  readonly usage: string
  readonly run: (lock: Lock, words: readonly string[]) => string
}

/** What a person can do to a lock from a terminal: one key, or the word with its numbers. */
export const playCommands: readonly PlayCommand[] = [
  {
    key: 'p',
    name: 'push',
    usage: 'push the lever closed',
    run: (lock) => {
      lock.pushLever()
      return 'lever pushed'
    },
  },
  {
    key: 'a',
    name: 'antenna',
    usage: '[on|off]: nothing gets through, and nobody is told',
    run: (lock, [word]) => {
      const isOn = word !== 'off'
      lock.setAntenna(isOn)
      return `antenna ${isOn ? 'on' : 'off'}`
    },
  },
  {
    key: 'j',
    name: 'jam',
    usage: '[on|off]: a spoke in the way of the bolt',
    run: (lock, [word]) => {
      const isJammed = word !== 'off'
      lock.jam(isJammed)
      return isJammed ? 'bolt jammed' : 'bolt free'
    },
  },
  {
    key: 'f',
    name: 'force',
    usage: 'break the bolt open',
    run: (lock) => {
      lock.forceOpen()
      return 'bolt forced'
    },
  },
  {
    key: 'r',
    name: 'reboot',
    usage: 'take the power away for half a second',
    run: (lock) => {
      lock.reboot('power')
      return 'power lost'
    },
  },
  {
    key: 'm',
    name: 'move',
    usage: 'LON LAT [KM/H]',
    run: (lock, words) => {
      const [lon, lat, kmh] = [Number(words[0]), Number(words[1]), Number(words[2] ?? 0)]
      const isPlace = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && kmh >= 0 && kmh <= 100
      if (!isPlace) return 'move LON LAT [KM/H]: degrees, and at most 100 km/h'
      lock.setPosition({ lon, lat, headingDeg: 0, speedMps: kmh / 3.6 })
      return `at ${lon}, ${lat}`
    },
  },
  {
    key: 'b',
    name: 'battery',
    usage: 'PERCENT',
    run: (lock, words) => {
      const percent = Number(words[0])
      if (!(percent >= 0 && percent <= 100)) return 'battery PERCENT: 0 to 100'
      lock.setBattery(percent)
      return `battery at ${percent} %`
    },
  },
  {
    key: 's',
    name: 'status',
    usage: 'where the bolt is, and what the lock believes',
    run: (lock) => {
      const { events, telemetry } = lock.outbox()
      const link = lock.isConnected() ? 'connected' : 'not connected'
      return `bolt ${lock.boltPosition()}, lock says ${lock.boltState()}, ${link}, outbox ${events} events ${telemetry} records`
    },
  },
]

/** What to answer to a line; null when it names no command. */
export function playLine(lock: Lock, line: string): string | null {
  const [word, ...rest] = line.trim().split(/\s+/)
  const command = playCommands.find(({ key, name }) => word === key || word === name)
  return command?.run(lock, rest) ?? null
}
