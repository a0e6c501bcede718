import { createHmac, hkdfSync } from 'node:crypto'
import type { LockId } from '../../contracts/ids.ts'
import { type Command, commandToSign, type UnsignedCommand } from '../../contracts/mqtt/commands.ts'
import { configToSign, type DesiredConfig } from '../../contracts/mqtt/config.ts'

/** A lock's secrets, all derived from the master key: nothing per lock is stored. */
export interface LockKeys {
  /** MQTT password: base64url(HMAC-SHA256(master, "mqtt|id|epoch")). */
  mqttPassword(lockId: LockId, epoch: number): string
  /** 32-byte key of a lock's commands for one key version. */
  commandKey(lockId: LockId, epoch: number, keyVersion: number): Uint8Array
  /** 32-byte secret of a lock that phones without its coverage are answered with (lock-protocol 2.6). */
  phoneKey(lockId: LockId, epoch: number, keyVersion: number): Uint8Array
}

export function lockKeysFrom(masterKey: Uint8Array): LockKeys {
  const hmac = (text: string) => createHmac('sha256', masterKey).update(text).digest()
  const derived = (lockId: LockId, epoch: number, name: string) =>
    new Uint8Array(hkdfSync('sha256', hmac(`root|${lockId}|${epoch}`), '', name, 32))
  return {
    mqttPassword: (lockId, epoch) => hmac(`mqtt|${lockId}|${epoch}`).toString('base64url'),
    commandKey: (lockId, epoch, keyVersion) => derived(lockId, epoch, `cmd|${keyVersion}`),
    phoneKey: (lockId, epoch, keyVersion) => derived(lockId, epoch, `phone|${keyVersion}`),
  }
}

const macBytes = 16

/** The command as it goes out: 16 bytes of HMAC-SHA256 over `commandToSign`, base64url (lock-protocol 2.4). */
export function signCommand(lockId: LockId, command: UnsignedCommand, key: Uint8Array): Command {
  return { ...command, m: macOf(key, commandToSign(lockId, command)) }
}

/** The configuration as it goes out, signed in the same way. */
export function signConfig(lockId: LockId, config: Omit<DesiredConfig, 'm'>, key: Uint8Array): DesiredConfig {
  return { ...config, m: macOf(key, configToSign(lockId, config)) }
}

const macOf = (key: Uint8Array, text: string): string =>
  createHmac('sha256', key).update(text).digest().subarray(0, macBytes).toString('base64url')
