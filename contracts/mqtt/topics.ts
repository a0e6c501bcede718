import { asId, type LockId, lockIdPattern } from '../ids.ts'

/** Topic tree `bss/v1/…`: made and parsed only here. */
const root = 'bss/v1'

export type UplinkKind = 'hello' | 'evt' | 'tel' | 'ack' | 'ota' | 'log'
export type DownlinkKind = 'cmd' | 'sync' | 'cfg' | 'fw'

const uplinkKinds: readonly string[] = ['hello', 'evt', 'tel', 'ack', 'ota', 'log']
const lockIdRegExp = new RegExp(lockIdPattern)

export const uplinkTopic = (lockId: LockId, kind: UplinkKind): string => `${root}/up/${lockId}/${kind}`
export const downlinkTopic = (lockId: LockId, kind: DownlinkKind): string => `${root}/dn/${lockId}/${kind}`
/** Birth and will, retained. */
export const presenceTopic = (lockId: LockId): string => `${root}/st/${lockId}`
/** The one filter that a lock subscribes to. */
export const downlinkFilter = (lockId: LockId): string => `${root}/dn/${lockId}/+`

/** The lock that a downlink topic is of; null for anything else. */
export function lockOfDownlink(topic: string): LockId | null {
  const [bss, version, tree, lockId] = topic.split('/')
  const isDownlink = `${bss}/${version}` === root && tree === 'dn' && lockId !== undefined && lockIdRegExp.test(lockId)
  return isDownlink ? asId<LockId>(lockId) : null
}

export type ParsedTopic =
  | { readonly kind: 'uplink'; readonly lockId: LockId; readonly uplink: UplinkKind }
  | { readonly kind: 'presence'; readonly lockId: LockId }

/** What a lock may publish to; null for anything else, wildcards and `$SYS` among it. */
export function parseTopic(topic: string): ParsedTopic | null {
  const parts = topic.split('/')
  const [bss, version, tree, lockId, kind] = parts
  if (`${bss}/${version}` !== root || lockId === undefined || !lockIdRegExp.test(lockId)) return null
  if (tree === 'st' && parts.length === 4) return { kind: 'presence', lockId: asId<LockId>(lockId) }
  if (tree === 'up' && parts.length === 5 && kind !== undefined && uplinkKinds.includes(kind)) {
    return { kind: 'uplink', lockId: asId<LockId>(lockId), uplink: kind as UplinkKind }
  }
  return null
}
