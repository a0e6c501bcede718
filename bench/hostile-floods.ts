import { generate, type Packet } from 'mqtt-packet'
import { present } from '../contracts/assert.ts'
import { uplinkTopic } from '../contracts/mqtt/topics.ts'
import { type Attacker, connectBytes, type FirstBytes, publishBytes, type Said } from './hostile-kinds.ts'

/** Packets that one connection shouts at once, without waiting for anything. */
export const packetsOfShout = 1_000

const shout = (name: string, counted: readonly string[], packet: (who: Attacker, index: number) => Buffer): Said => ({
  ...{ name, counted: ['flood', ...counted], answer: 'close' },
  bytes: (who) => Buffer.concat(Array.from({ length: packetsOfShout }, (_, index) => packet(who, index))),
})
const idOf = (index: number) => ({ messageId: index + 1 })

/**
 * More than the broker lets one connection do: it is cut off, once, with one `flood`. What it got in before is counted
 * under `counted`; what came behind is never read.
 */
export const floods: readonly Said[] = [
  shout('PUBLISH without end', ['unreadable'], ({ lockId }, index) =>
    publishBytes(uplinkTopic(lockId, 'log'), 'x', index, { qos: 0 }),
  ),
  shout('SUBSCRIBE without end', ['forbidden_filter'], (_, index) =>
    generate({ cmd: 'subscribe', ...idOf(index), subscriptions: [{ topic: '#', qos: 1 }] }),
  ),
  shout('UNSUBSCRIBE without end', [], (_, index) =>
    generate({ cmd: 'unsubscribe', ...idOf(index), unsubscriptions: ['#'] } as Packet),
  ),
  shout('PINGREQ without end', [], () => generate({ cmd: 'pingreq' })),
  shout('PUBREL without end', ['malformed'], (_, index) => generate({ cmd: 'pubrel', ...idOf(index) } as Packet)),
]

/** Under the client id of a lock that is connected and honest, without its password: it must not notice. */
export const takeovers = (honest: readonly Attacker[]): readonly FirstBytes[] => {
  const victim = (index: number) => present(honest[index % honest.length], 'there are honest locks')
  return [
    {
      name: 'duplicate client id, name and password of another lock',
      bytes: (who, i) => connectBytes(who, { clientId: victim(i).lockId }),
      counted: ['wrong_password'],
    },
    {
      name: 'duplicate client id and name, guessed password',
      bytes: (_, i) => connectBytes({ ...victim(i), password: `guess ${i}` }),
      counted: ['wrong_password'],
    },
    {
      name: 'duplicate client id, its password under another name',
      bytes: (who, i) => connectBytes(victim(i), { username: who.lockId }),
      counted: ['wrong_password'],
    },
  ]
}

/**
 * Under the client id of an honest lock and with its password: such a one is let in and the lock is taken over, as often
 * as a lock may connect; the lock comes back by itself. The others are refused.
 */
export const cloned: FirstBytes = {
  ...{ name: 'duplicate client id with the password of the lock', counted: ['connected', 'shed'] },
  bytes: (who) => connectBytes(who),
}
