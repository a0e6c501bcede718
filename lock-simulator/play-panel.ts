import type { LockMessage } from './body/lock.ts'
import type { Bench } from './play-bench.ts'
import { playCommands } from './play-commands.ts'

const shownMessages = 10
const dim = (text: string) => `\u001b[2m${text}\u001b[0m`
const bold = (text: string) => `\u001b[1m${text}\u001b[0m`
const plain = (text: string) => text
const clockNames = ['unset', 'its own', 'network', 'satellites'] as const
const keysInARow = 6
const labelWidth = 9

/** The last things that happened, oldest first, for a panel. */
export interface PanelLog {
  add(line: string): void
  lines(): readonly string[]
}

export function createPanelLog(): PanelLog {
  let lines: readonly string[] = []
  return {
    add: (line) => {
      lines = [...lines, line].slice(-shownMessages)
    },
    lines: () => lines,
  }
}

export const messageLine = ({ direction, channel, payload }: Omit<LockMessage, 'atMs'>): string =>
  `${direction === 'up' ? '→' : '←'} ${channel.padEnd(8)} ${payload}`

/**
 * The lock as a panel: its truth and its belief beside each other, so that a difference is seen.
 * @param columns width of the terminal; longer lines are cut
 * @param isColoured with ANSI codes
 */
export function panelLines(bench: Bench, log: PanelLog, columns: number, isColoured: boolean): readonly string[] {
  const { lock } = bench
  const [strong, soft] = isColoured ? [bold, dim] : [plain, plain]
  const cut = (line: string) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line)
  const row = (label: string, text: string) => `${soft(label.padEnd(labelWidth))}${cut(text)}`
  const now = lock.insight()
  const { events, telemetry } = lock.outbox()
  const { speedMps } = lock.whereabouts()
  const on = ['antenna off', ...playCommands.map(({ name }) => name), 'rolling'].filter(bench.isOn)
  const link = lock.isConnected() ? (now.mode === 'ship' ? 'asleep' : 'connected') : 'NOT connected'
  return [
    strong(`── lock ${lock.lockId} ${'─'.repeat(Math.max(0, Math.min(columns, 80) - 9 - lock.lockId.length))}`),
    row(
      'bolt',
      `${lock.boltPosition()}, and says ${lock.boltState()}${now.pending === null ? '' : `; does: ${now.pending}`}`,
    ),
    row('mode', `${now.mode}, guard ${now.guard}; ${now.milliVolts} mV, ${now.percent} %`),
    row('link', `${link}; outbox ${events} events, ${telemetry} records`),
    row(
      'boot',
      `${now.uptimeMs < 0 ? 0 : Math.floor(now.uptimeMs / 1_000)} s up, boot ${lock.bootId()}, counter ${now.counter}`,
    ),
    row('clock', `${now.timeMs === null ? '–' : new Date(now.timeMs).toISOString()} (${clockNames[now.clockQuality]})`),
    row('place', `${placeWords(now.fix)}${speedMps > 0 ? `; rolls with ${(speedMps * 3.6).toFixed(0)} km/h` : ''}`),
    row('config', `version ${now.configVersion}: ${settingWords(now.settings)}`),
    row('hands', on.length === 0 ? 'off it' : on.join(', ')),
    soft('─'.repeat(Math.min(columns, 80))),
    ...log.lines().map(cut),
    ...(isColoured ? [soft('─'.repeat(Math.min(columns, 80))), ...keyLines().map((line) => soft(cut(line)))] : []),
  ]
}

function placeWords(fix: ReturnType<Bench['lock']['insight']>['fix']): string {
  if (fix === null) return 'no fix since it started'
  const { lon, lat, accuracyM, ageMs } = fix
  return `${lat.toFixed(5)}, ${lon.toFixed(5)} ±${accuracyM.toFixed(0)} m, ${Math.floor(ageMs / 1_000)} s old`
}

const settingWords = (settings: object): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

/** Every key with its word, some in a row. */
function keyLines(): readonly string[] {
  const keys = [...playCommands.map(({ key, name }) => `${key} ${name}`), 'q quit'].map((word) => word.padEnd(12))
  const rows = Math.ceil(keys.length / keysInARow)
  return Array.from({ length: rows }, (_, row) => keys.slice(row * keysInARow, (row + 1) * keysInARow).join(' '))
}
