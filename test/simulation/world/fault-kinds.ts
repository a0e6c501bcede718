import type { AirFault } from '../../../lock-simulator/radio/air.ts'
import type { Notes } from './notes.ts'

/** Effects of a chip from a command's arrival to its last acknowledgement: more than there are is none of them. */
export const commandSteps = 10

/** Everything that can go wrong, each counted when it truly did: a kind that never happened has proved nothing. */
export const faultKinds = [
  'message dropped',
  'message duplicated',
  'message reordered',
  'message replayed minutes later',
  'connection broken',
  'connection half-open',
  'CONNACK refused',
  'broker restarted',
  'lock under a stranger',
  'command forged',
  'hostile message refused',
  'server killed',
  'server killed at a statement',
  'server clock set forward',
  'server clock set back',
  'database away',
  'lock reset',
  'power cut',
  'flash write torn',
  ...Array.from({ length: commandSteps }, (_, step) => `reset at command step ${step}` as const),
  'bolt jammed',
  'bolt jammed at an attempt',
  'bolt forced',
  'lever pushed by a passer-by',
  'battery gave in under the motor',
  'battery nearly empty',
  'no coverage',
  'coverage hole',
  'sky changed',
  'lever played with',
  'lock hung',
  'lock panicked',
  'clock battery wrong',
  'false sky',
  'satellites jammed',
  'SIM refused',
  'shaken or tipped over',
  'shell opened',
  'freezing cold',
  'switch stuck',
  'switch loose',
  'phone lost before the receipt',
  'second phone said the same',
  'phone clock wrong',
  'payment answer lost',
  'payment notification lost',
  'payment notification twice',
] as const

export type FaultKind = (typeof faultKinds)[number] | `reset at command step ${number}`

export function countFault(notes: Notes, kind: FaultKind): void {
  notes.count(`${prefix}${kind}`)
}

const prefix = 'fault: '

/** How often each kind happened, of a run's counts. */
export const faultsIn = (counts: Readonly<Record<string, number>>): ReadonlyMap<string, number> =>
  new Map(faultKinds.map((kind) => [kind, counts[`${prefix}${kind}`] ?? 0]))

export const airFaultKinds: Readonly<Record<AirFault, FaultKind>> = {
  drop: 'message dropped',
  duplicate: 'message duplicated',
  reorder: 'message reordered',
  replay: 'message replayed minutes later',
  disconnect: 'connection broken',
  'half-open': 'connection half-open',
  refused: 'CONNACK refused',
}
