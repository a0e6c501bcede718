import { parseArgs } from 'node:util'

export interface FleetOptions {
  readonly locks: number
  readonly processes: number
  readonly isTls: boolean
  /** Of the broker; null: a platform of its own. */
  readonly url: string | null
  readonly httpUrl: string
  readonly caFile: string | null
  /** Beginning of the lock ids: the same again are the same bikes. */
  readonly prefix: string
  /** After everybody is heard. */
  readonly minutes: number
  readonly samples: number
  readonly seed: string
  /** A random part of all that goes wrong on the way, as `seed` draws it, for so many minutes. */
  readonly hasFaults: boolean
}

export const fleetUsage = `npm run fleet -- --locks 10000     locks with the real firmware on real sockets, against a platform of its own
  --processes P     processes of locks; default: one for each 5000, at least 2
  --minutes M       how long they stay when everybody is heard; default 1
  --samples S       bikes that are asked to ring meanwhile; default 200
  --url mqtt://…    a platform that runs (mqtts:// with --tls); then also
  --http http://…   its HTTP address; default http://127.0.0.1:8080
                    FACTORY_TOKEN, or DATA_DIR/secrets/factory-token: its factory token
                    STAFF_LINK: a link of its desk that works once, for the samples; without it none are asked
  --tls             TLS; --ca FILE: who has signed the broker's certificate (PEM)
  --faults swarm    cuts, half-open connections, refusals, delays, clones, rubbish and kill -9 of the server, drawn
                    from --seed, for --minutes; then everything heals and is checked. Only without --url
  --prefix fleet    beginning of the lock ids; --seed 1 their weather, drift and patience`

const locksPerProcess = 5_000
const mostLocks = 100_000
const mostProcesses = 64
const mostMinutes = 1_440
const mostSamples = 5_000
/** Files that a process of locks has open besides its sockets. */
const ownFiles = 200

export type CheckedOptions =
  | { readonly ok: true; readonly options: FleetOptions }
  | { readonly ok: false; readonly sentences: readonly string[] }

/** @param fileLimit of open files of a process, which is what limits its sockets */
export function readFleetOptions(args: readonly string[], fileLimit: number): CheckedOptions {
  const sentences: string[] = []
  const values = parsed(args, sentences)
  if (values === null) return { ok: false, sentences }
  const whole = (name: 'locks' | 'processes' | 'samples', text: string, least: number, most: number): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most) {
      sentences.push(`--${name} is "${text}": expected a whole number from ${least} to ${most}.`)
    }
    return value
  }
  const locks = whole('locks', values.locks, 1, mostLocks)
  const usual = String(Math.max(2, Math.ceil(locks / locksPerProcess)))
  const processes = whole('processes', values.processes ?? usual, 1, mostProcesses)
  const samples = whole('samples', values.samples, 0, mostSamples)
  const minutes = Number(values.minutes)
  if (!(minutes >= 0 && minutes <= mostMinutes)) {
    sentences.push(`--minutes is "${values.minutes}": expected a number from 0 to ${mostMinutes}.`)
  }
  if (!/^[a-z0-9-]{1,20}$/.test(values.prefix)) {
    sentences.push(`--prefix is "${values.prefix}": expected 1 to 20 small letters, digits and dashes.`)
  }
  const url = values.url ?? null
  const isTls = values.tls || url?.startsWith('mqtts:') === true
  if (url !== null && !/^mqtts?:\/\/[^/\s]+$/.test(url)) {
    sentences.push(`--url is "${url}": expected mqtt://host:port or mqtts://host:port.`)
  } else if (url?.startsWith('mqtt:') && isTls) {
    sentences.push('--tls goes with a --url that begins with mqtts://.')
  }
  if (values.faults !== 'none' && values.faults !== 'swarm') {
    sentences.push(`--faults is "${values.faults}": expected swarm or none.`)
  } else if (values.faults === 'swarm' && url !== null) {
    sentences.push(
      '--faults swarm kills the server and reads its database: only for a platform of its own, without --url.',
    )
  }
  if (!/^https?:\/\/[^/\s]+$/.test(values.http)) {
    sentences.push(`--http is "${values.http}": expected http://host:port, without a path.`)
  }
  const each = Math.ceil(locks / Math.max(1, processes))
  if (sentences.length === 0 && each + ownFiles > fileLimit) {
    const enough = Math.ceil(locks / Math.max(1, fileLimit - ownFiles))
    sentences.push(
      `${each} locks in one process are more than the ${fileLimit} files that it may open: use --processes ${enough}, or raise "ulimit -n".`,
    )
  }
  if (sentences.length > 0) return { ok: false, sentences }
  const { prefix, seed } = values
  const hasFaults = values.faults === 'swarm'
  const rest = { httpUrl: values.http, caFile: values.ca ?? null, prefix, seed, minutes, samples, hasFaults }
  return { ok: true, options: { locks, processes, isTls, url, ...rest } }
}

function parsed(args: readonly string[], sentences: string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        locks: { type: 'string', default: '1000' },
        processes: { type: 'string' },
        samples: { type: 'string', default: '200' },
        minutes: { type: 'string', default: '1' },
        url: { type: 'string' },
        http: { type: 'string', default: 'http://127.0.0.1:8080' },
        ca: { type: 'string' },
        prefix: { type: 'string', default: 'fleet' },
        seed: { type: 'string', default: '1' },
        faults: { type: 'string', default: 'none' },
        tls: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    sentences.push(error instanceof Error ? error.message : String(error))
    return null
  }
}
