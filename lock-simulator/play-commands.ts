import type { Lock } from './body/lock.ts'
import type { Bench } from './play-bench.ts'

interface PlayCommand {
  readonly key: string
  readonly name: string
  readonly usage: string
  /** @returns what was done, or how to say it right */
  readonly run: (bench: Bench, words: readonly string[]) => string
}

/** Ends of what a person may type. */
const fastestKmh = 100
const hardestG = 16
const longestShakeS = 600

/** What is on or off: the word says which, and the key alone turns it over. */
function turned(
  key: string,
  name: string,
  usage: string,
  turn: (lock: Lock, isOn: boolean) => void,
  told: readonly [on: string, off: string],
): PlayCommand {
  return {
    key,
    name,
    usage: `[on|off]: ${usage}`,
    run: (bench, [word]) => {
      const isOn = word === undefined ? !bench.isOn(name) : word !== 'off'
      bench.setOn(name, isOn)
      turn(bench.lock, isOn)
      return isOn ? told[0] : told[1]
    },
  }
}

function done(key: string, name: string, usage: string, act: (lock: Lock) => void, told: string): PlayCommand {
  return {
    key,
    name,
    usage,
    run: ({ lock }) => {
      act(lock)
      return told
    },
  }
}

const numberIn = (word: string | undefined, usual: number, least: number, most: number): number | null => {
  const value = word === undefined ? usual : Number(word)
  return value >= least && value <= most ? value : null
}

/** What a person can do to a lock from a terminal: one key, or the word with its numbers. */
export const playCommands: readonly PlayCommand[] = [
  done('p', 'push', 'push the lever closed', (lock) => lock.pushLever(), 'lever pushed'),
  {
    key: 'a',
    name: 'antenna',
    usage: '[on|off]: off: nothing gets through, and nobody is told',
    run: (bench, [word]) => {
      const isCut = word === undefined ? !bench.isOn('antenna off') : word === 'off'
      bench.setOn('antenna off', isCut)
      bench.lock.setAntenna(!isCut)
      return `antenna ${isCut ? 'off' : 'on'}`
    },
  },
  turned('j', 'jam', 'a spoke in the way of the bolt', (lock, isOn) => lock.jam(isOn), ['bolt jammed', 'bolt free']),
  done('f', 'force', 'break the bolt open', (lock) => lock.forceOpen(), 'bolt forced'),
  {
    key: 'k',
    name: 'shake',
    usage: '[G] [SECONDS]: shake the bike',
    run: ({ lock }, words) => {
      const [g, seconds] = [numberIn(words[0], 1, 0.05, hardestG), numberIn(words[1], 3, 0.1, longestShakeS)]
      if (g === null || seconds === null) return `shake [G] [SECONDS]: up to ${hardestG} g, ${longestShakeS} s`
      lock.shake(g, seconds * 1_000)
      return `shaken with ${g} g for ${seconds} s`
    },
  },
  turned('t', 'tip', 'tip it over', (lock, isOn) => (isOn ? lock.tipOver() : lock.standUp()), ['fell over', 'stands']),
  turned('o', 'shell', 'open its shell', (lock, isOn) => lock.openShell(isOn), ['shell open', 'shell closed']),
  turned('c', 'cable', 'cut its cable', (lock, isOn) => lock.cutCable(isOn), ['cable cut', 'cable whole']),
  turned('g', 'gnss', 'jam the satellites', (lock, isOn) => lock.jamGnss(isOn), [
    'satellites jammed',
    'satellites clear',
  ]),
  turned(
    'i',
    'indoors',
    'into a cellar: no sky, no light',
    (lock, isOn) => {
      lock.setSky(isOn ? 'none' : 'street')
      lock.setShade(isOn ? 1 : 0)
    },
    ['indoors', 'outdoors'],
  ),
  {
    key: 'v',
    name: 'ride',
    usage: '[KM/H]: roll on north-east; 0 stops',
    run: (bench, [word]) => {
      const kmh = numberIn(word, bench.isOn('rolling') ? 0 : 15, 0, fastestKmh)
      if (kmh === null) return `ride [KM/H]: at most ${fastestKmh}`
      bench.setOn('rolling', kmh > 0)
      bench.roll(kmh / 3.6)
      return kmh > 0 ? `rolls with ${kmh} km/h` : 'stands'
    },
  },
  {
    key: 'm',
    name: 'move',
    usage: 'LON LAT [KM/H]: it is there now',
    run: ({ lock }, words) => {
      const [lon, lat, kmh] = [Number(words[0]), Number(words[1]), Number(words[2] ?? 0)]
      const isPlace = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && kmh >= 0 && kmh <= fastestKmh
      if (!isPlace) return `move LON LAT [KM/H]: degrees, and at most ${fastestKmh} km/h`
      lock.setPosition({ lon, lat, headingDeg: 0, speedMps: kmh / 3.6 })
      return `at ${lon}, ${lat}`
    },
  },
  {
    key: 'b',
    name: 'battery',
    usage: '[PERCENT]: as it is charged; the key alone takes ten off',
    run: ({ lock }, [word]) => {
      const percent = numberIn(word, Math.max(0, lock.insight().percent - 10), 0, 100)
      if (percent === null) return 'battery PERCENT: 0 to 100'
      lock.setBattery(percent)
      return `battery at ${percent} %`
    },
  },
  turned('d', 'sensor', 'break the motion sensor', (lock, isOn) => lock.breakPart('imu', isOn), [
    'motion sensor broken',
    'motion sensor well',
  ]),
  turned('e', 'memory', 'break the flash', (lock, isOn) => lock.breakPart('flash', isOn), [
    'flash broken',
    'flash well',
  ]),
  done('r', 'reboot', 'take the power away for half a second', (lock) => lock.reboot('power'), 'power lost'),
  done('h', 'hang', 'the firmware gets stuck, until the watchdog bites', (lock) => lock.hang(), 'hangs'),
  done('n', 'panic', 'the firmware finds itself in a state that cannot be', (lock) => lock.panic(), 'panic'),
  {
    key: 's',
    name: 'status',
    usage: 'where the bolt is, and what the lock believes',
    run: ({ lock }) => {
      const { events, telemetry } = lock.outbox()
      const link = lock.isConnected() ? 'connected' : 'not connected'
      return `bolt ${lock.boltPosition()}, lock says ${lock.boltState()}, ${link}, outbox ${events} events ${telemetry} records`
    },
  },
]

/** What to answer to a line; null when it names no command. */
export function playLine(bench: Bench, line: string): string | null {
  const [word, ...rest] = line.trim().split(/\s+/)
  const command = playCommands.find(({ key, name }) => word === key || word === name)
  return command?.run(bench, rest) ?? null
}
