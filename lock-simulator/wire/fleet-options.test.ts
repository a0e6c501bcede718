import { describe, expect, it } from 'vitest'
import { readFleetOptions } from './fleet-options.ts'

const read = (...args: readonly string[]) => readFleetOptions(args, 20_000)

describe('the options of a fleet', () => {
  it('have sensible values where nothing is said', () => {
    expect(read('--locks', '10000')).toMatchObject({
      ok: true,
      options: { locks: 10_000, processes: 2, url: null, isTls: false, minutes: 1 },
    })
    expect(read('--locks', '100000')).toMatchObject({ ok: true, options: { processes: 20 } })
  })

  it.each([
    [['--locks', 'many'], /--locks is "many"/],
    [['--locks', '0'], /--locks is "0"/],
    [['--processes', '1.5'], /--processes is "1.5"/],
    [['--minutes', '-1'], /minutes/],
    [['--url', 'http://127.0.0.1'], /--url is .*expected mqtt/],
    [['--url', 'mqtt://127.0.0.1:1883', '--tls'], /--tls goes with a --url that begins with mqtts/],
    [['--faults', 'many'], /--faults is "many"/],
    [['--faults', 'swarm', '--url', 'mqtt://127.0.0.1:1883'], /only for a platform of its own/],
    [['--prefix', 'Fleet!'], /--prefix/],
    [['--lock', '5'], /lock/],
    [['--locks', '40000', '--processes', '2'], /more than the 20000 files.*--processes 3/],
  ])('that make no sense are told in a sentence: %j', (args, sentence) => {
    const checked = read(...args)
    expect(checked.ok).toBe(false)
    if (!checked.ok) expect(checked.sentences.join(' ')).toMatch(sentence)
  })

  it('know TLS by the address', () => {
    expect(read('--url', 'mqtts://locks.example.org:8883')).toMatchObject({ ok: true, options: { isTls: true } })
  })
})
