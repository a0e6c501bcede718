import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Command, Sync } from './commands.ts'
import { DesiredConfig } from './config.ts'
import {
  Acknowledgement,
  DeflatedTelemetry,
  Hello,
  LockEvent,
  maxInflatedBytes,
  maxPayloadBytes,
  Presence,
  Telemetry,
} from './reports.ts'

export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string }

/** Bytes to a checked message; never throws, whatever the bytes. */
export type Decode<T> = (payload: Uint8Array) => Decoded<T>

function decoder<S extends TSchema>(schema: S, maxBytes: number = maxPayloadBytes): Decode<Static<S>> {
  const validator = Compile(schema)
  return (payload) => {
    if (payload.byteLength > maxBytes) return { ok: false, why: `payload over ${maxBytes} bytes` }
    if (isTooDeep(payload)) return { ok: false, why: `nested deeper than ${maxDepth}` }
    let value: unknown
    try {
      value = JSON.parse(utf8.decode(payload))
    } catch (error) {
      return { ok: false, why: `not JSON: ${error instanceof Error ? error.message : 'unreadable'}` }
    }
    if (validator.Check(value)) return { ok: true, value: value as Static<S> }
    const [first] = validator.Errors(value)
    return {
      ok: false,
      why: first ? `${first.instancePath || '(whole message)'} ${first.message}` : 'does not fit the schema',
    }
  }
}

/** Our messages nest four deep, later ones may a little deeper. */
const maxDepth = 16
const [quote, backslash, open, close, openObject, closeObject] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Asked before it is parsed: an array in an array, thousands deep, keeps JSON.parse busy thirty times as long as any
 * message of ours (8 kB: 220 µs), and deflated it is a few dozen bytes. No byte of a longer UTF-8 character is one of these.
 */
function isTooDeep(json: Uint8Array): boolean {
  let depth = 0
  let isText = false
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]
    if (isText) {
      if (byte === backslash) i += 1
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    else if (byte === open || byte === openObject) {
      depth += 1
      if (depth > maxDepth) return true
    } else if (byte === close || byte === closeObject) depth -= 1
  }
  return false
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

export const decodeHello = decoder(Hello)
export const decodeEvent = decoder(LockEvent)
export const decodeTelemetry = decoder(Telemetry)
export const decodeAcknowledgement = decoder(Acknowledgement)
export const decodePresence = decoder(Presence)
export const decodeCommand = decoder(Command)
export const decodeSync = decoder(Sync)
export const decodeConfig = decoder(DesiredConfig)
export const decodeDeflatedTelemetry = decoder(DeflatedTelemetry)
/** What a deflated batch holds, inflated. */
export const decodeInflatedRecords = decoder(Telemetry.properties.r, maxInflatedBytes)

/** A message to its bytes: JSON, as short as it gets. */
export const encodeMessage = (message: object): string => JSON.stringify(message)
