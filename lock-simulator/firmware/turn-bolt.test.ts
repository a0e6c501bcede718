import { describe, expect, it } from 'vitest'
import { decodeAcknowledgement } from '../../contracts/mqtt/codec.ts'
import { bench, grantFor, order, text } from './ble-bench.fixture.ts'
import type { LockEffect } from './lock-io.ts'

const sid = '0123456789abcdef'

const acksOf = (log: readonly LockEffect[]) =>
  log.flatMap((effect) => {
    if (effect.kind !== 'publish' || effect.channel !== 'ack') return []
    const decoded = decodeAcknowledgement(text(effect.payload))
    return decoded.ok ? [`${decoded.value.id} ${decoded.value.st}`] : []
  })

function online(lock: ReturnType<typeof bench>): void {
  lock.put({ kind: 'connected', sid })
  for (const effect of [...lock.log]) if (effect.kind === 'publish') lock.put({ kind: 'puback', ref: effect.ref })
}

describe('a self-test', () => {
  it('beside a bolt that a phone opens ends by its own parts, not by the bolt', () => {
    const lock = bench()
    online(lock)
    const challenge = lock.connect()
    lock.say(grantFor(challenge, 1))
    lock.put(order({ id: 'look', op: 'selftest', c: 9 }))
    lock.pass(400)
    lock.pass(400)
    expect(lock.state.bolt.phase.kind).toBe('unlocked')
    expect(acksOf(lock.log)).toEqual(['look acc'])
    lock.put({ kind: 'parts', imu: true, flash: true, gnss: false })
    expect(acksOf(lock.log)).toEqual(['look acc', 'look fail'])
  })
})
