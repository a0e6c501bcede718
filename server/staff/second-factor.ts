import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'
import { toString as qrOf } from 'qrcode'

/** RFC 6238 with what every authenticator app does: SHA-1, six digits, thirty seconds; one step early or late. */
const stepSeconds = 30
const toleranceSeconds = 30
const secretBytes = 20
const nonceBytes = 12
const tagBytes = 16
const issuer = 'Zwerm'

export const recoveryCodes = 10
/** 50 bits each: with a hash in the database and five tries a quarter of an hour nobody guesses one. */
const recoveryCodeLetters = 10
/** Without i, l, o and u: people read these from paper. */
const recoveryAlphabet = 'abcdefghjkmnpqrstvwxyz0123456789'

/** What the second factor needs the master key for: sealing secrets, hashing recovery codes and log-in names. */
export interface SecondFactor {
  /** A new secret for an authenticator app: as text, as address, as a picture. */
  newSecret(label: string): Promise<{ secret: string; uri: string; qrSvg: string }>
  /** AES-256-GCM: nonce (12) ‖ ciphertext ‖ tag (16); bound to the person. */
  seal(staffId: string, secret: string): Buffer
  open(staffId: string, sealed: Uint8Array): string
  /** The time step of a right code; null for a wrong one and for one of a step that was used or is older. */
  stepOf(secret: string, code: string, nowMs: number, usedStep: number | null): number | null
  newRecoveryCodes(): readonly string[]
  hashOfRecoveryCode(code: string): Buffer
  /** A log-in name or a person, as the table of wrong tries and the audit log know it. */
  indexOf(subject: string): Buffer
}

export function secondFactorFrom(masterKey: Uint8Array): SecondFactor {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, '', purpose, 32))
  const sealKey = derive('staff second factor seal')
  const recoveryKey = derive('staff recovery codes')
  const indexKey = derive('staff log-in index')
  return {
    newSecret: async (label) => {
      const secret = generateSecret({ length: secretBytes })
      const uri = generateURI({ issuer, label, secret })
      return { secret, uri, qrSvg: await qrOf(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 }) }
    },
    seal: (staffId, secret) => {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(Buffer.from(staffId))
      return Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
    },
    open: (staffId, sealed) => {
      const bytes = Buffer.from(sealed)
      const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, nonceBytes))
      decipher.setAAD(Buffer.from(staffId)).setAuthTag(bytes.subarray(-tagBytes))
      return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
    },
    stepOf: (secret, code, nowMs, usedStep) => {
      const token = plainCode(code)
      if (!/^\d{6}$/.test(token)) return null
      const epoch = Math.floor(nowMs / 1_000)
      const found = verifySync({ secret, token, epoch, period: stepSeconds, epochTolerance: toleranceSeconds })
      if (!found.valid || !('timeStep' in found)) return null
      return usedStep !== null && found.timeStep <= usedStep ? null : found.timeStep
    },
    newRecoveryCodes: () => Array.from({ length: recoveryCodes }, newRecoveryCode),
    hashOfRecoveryCode: (code) => createHmac('sha256', recoveryKey).update(plainCode(code)).digest(),
    indexOf: (subject) => createHmac('sha256', indexKey).update(subject).digest(),
  }
}

function newRecoveryCode(): string {
  // 256 is a multiple of the alphabet's 32: every letter is as likely.
  const letters = [...randomBytes(recoveryCodeLetters)].map((byte) => recoveryAlphabet[byte % recoveryAlphabet.length])
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`
}

/** As it was meant: people type blanks, hyphens and capitals. */
const plainCode = (typed: string): string => typed.toLowerCase().replace(/[\s-]/g, '')
