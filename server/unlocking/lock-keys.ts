import { createHmac, hkdfSync } from 'node:crypto'
import type { LockId } from '../../contracts/ids.ts'
import { type Command, commandToSign, type UnsignedCommand } from '../../contracts/mqtt/commands.ts'

/** A lock's secrets, all derived from the master key: nothing per lock is stored. */
export interface LockKeys {
  /** MQTT password: base64url(HMAC-SHA256(master, "mqtt|id|epoch")). */
  mqttPassword(lockId: LockId, epoch: number): string
  /** 32-byte key of a lock's commands for one key version. */
  commandKey(lockId: LockId, epoch: number, keyVersion: number): Uint8Array
}

export function lockKeysFrom(masterKey: Uint8Array): LockKeys {
  const hmac = (text: string) => createHmac('sha256', masterKey).update(text).digest()
  return {
    mqttPassword: (lockId, epoch) => hmac(`mqtt|${lockId}|${epoch}`).toString('base64url'),
    commandKey: (lockId, epoch, keyVersion) =>
      new Uint8Array(hkdfSync('sha256', hmac(`root|${lockId}|${epoch}`), '', `cmd|${keyVersion}`, 32)),
  }
}

const macBytes = 16

/** The command as it goes out: 16 bytes of HMAC-SHA256 over `commandToSign`, base64url (lock-protocol 2.4). */
export function signCommand(lockId: LockId, command: UnsignedCommand, key: Uint8Array): Command {
  const mac = createHmac('sha256', key).update(commandToSign(lockId, command)).digest()
  return { ...command, m: mac.subarray(0, macBytes).toString('base64url') }
}
