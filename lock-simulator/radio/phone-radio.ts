import type { Random } from '../../contracts/random.ts'
import type { Schedule } from '../body/schedule.ts'
import { base64Url } from '../firmware/command-mac.ts'

/** What a phone sees of a lock's short-range radio, within reach of it: a real one speaks GATT, this one a link in memory. */
export interface PhoneLink {
  /** What the lock calls itself on the air now; null: it is off, or does not speak to phones. */
  advertisedAs(): string | null
  /** Null: another phone is connected, or the radio is off. */
  connect(phone: PhoneEnd): PhoneConnection | null
}

export interface PhoneEnd {
  /** A whole frame of the lock. */
  readonly frame: (bytes: Uint8Array) => void
  readonly closed: () => void
}

export interface PhoneConnection {
  send(frame: Uint8Array): void
  close(): void
}

/** The lock's side of it. */
export interface PhoneRadio {
  readonly link: PhoneLink
  send(frame: Uint8Array): void
  hangUp(): void
}

interface PhoneRadioSettings {
  readonly random: Random
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly advertisedAs: () => string | null
  readonly onLink: (link: { readonly isOpen: true; readonly nonce: string } | { readonly isOpen: false }) => void
  readonly onFrame: (frame: Uint8Array) => void
}

/** A frame over a connection of 15 ms intervals, cut into a few packets. */
const frameMs = { least: 20, most: 60 }
const nonceBytes = 16

/**
 * A phone beside the lock, for locks that have no air: one connection at a time, frames in order, each some moments
 * later. Frames on the way are lost with the connection.
 */
export function createPhoneRadio(settings: PhoneRadioSettings): PhoneRadio {
  const { nowMs, schedule, advertisedAs, onLink, onFrame } = settings
  const random = settings.random.split('phone')
  let current: { readonly phone: PhoneEnd; readonly lastAtMs: { up: number; down: number } } | null = null

  /** In order in each direction; nothing arrives over a connection that has ended. */
  function carry(way: 'up' | 'down', arrive: () => void): void {
    const link = current
    if (link === null) return
    const atMs = Math.max(nowMs() + random.integer(frameMs.least, frameMs.most), link.lastAtMs[way])
    link.lastAtMs[way] = atMs
    schedule(atMs, () => {
      if (current === link) arrive()
    })
  }

  function end(tellLock: boolean): void {
    const ended = current
    current = null
    if (ended === null) return
    if (tellLock) onLink({ isOpen: false })
    ended.phone.closed()
  }

  const link: PhoneLink = {
    advertisedAs,
    connect: (phone) => {
      if (current !== null || advertisedAs() === null) return null
      const opened = { phone, lastAtMs: { up: nowMs(), down: nowMs() } }
      current = opened
      const bytes = Uint8Array.from({ length: nonceBytes }, () => random.integer(0, 255))
      carry('up', () => onLink({ isOpen: true, nonce: base64Url(bytes) }))
      return {
        send: (frame) => {
          if (current === opened) carry('up', () => onFrame(frame))
        },
        close: () => {
          if (current === opened) end(true)
        },
      }
    },
  }
  return {
    link,
    send: (frame) => {
      const phone = current?.phone
      carry('down', () => phone?.frame(frame))
    },
    hangUp: () => end(false),
  }
}
