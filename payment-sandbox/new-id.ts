import { randomBytes, randomInt } from 'node:crypto'
import { beijingTime } from './core/beijing-time.ts'
import type { IdKind } from './core/records.ts'

/** Ids in the shapes that Alipay uses: the Beijing day first, then digits. A page token is 256 random bits. */
export function newProviderId(kind: IdKind, nowMs: number): string {
  const day = beijingTime(nowMs).slice(0, 10).replaceAll('-', '')
  switch (kind) {
    case 'auth':
      return `${day}10002001${digits(12)}`
    case 'operation':
      return `${day}${digits(16)}`
    case 'trade':
      return `${day}22001${digits(15)}`
    case 'notify':
      return `${day}00222${digits(21)}`
    case 'move':
      return `${day}${digits(20)}`
    case 'payer':
      return `2088${digits(12)}`
    case 'token':
      return randomBytes(32).toString('base64url')
  }
}

function digits(count: number): string {
  let text = ''
  while (text.length < count) text += String(randomInt(1_000_000)).padStart(6, '0')
  return text.slice(0, count)
}
