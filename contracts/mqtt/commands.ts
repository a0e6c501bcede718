import { Type } from 'typebox'
import { BootId, CommandIdText, protocolVersion, Uptime } from './reports.ts'

export const Operation = Type.Union([
  Type.Literal('unlock'),
  Type.Literal('locate'),
  Type.Literal('beep'),
  Type.Literal('reboot'),
  /** Drives the bolt closed, where there is a motor for it; never while the wheel turns faster than 1 m/s. */
  Type.Literal('lock'),
  Type.Literal('selftest'),
])
export type Operation = Type.Static<typeof Operation>

const counter = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const UnixMs = Type.Integer({ minimum: 0, maximum: 4_102_444_800_000 })

/** `dn/{id}/cmd`. Re-sending keeps id, counter, deadline and so every byte. Never retained. */
export const Command = Type.Object({
  v: Type.Literal(protocolVersion),
  id: CommandIdText,
  op: Operation,
  c: counter,
  b: BootId,
  dl: { ...Uptime, description: "deadline in the lock's own uptime, ms" } as typeof Uptime,
  a: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
    description: 'arguments; {} when there are none',
  }),
  iat: UnixMs,
  exp: UnixMs,
  kv: Type.Integer({ minimum: 0, maximum: 255 }),
  m: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$', description: 'first 16 bytes of the HMAC, base64url' }),
})
export type Command = Type.Static<typeof Command>
export type UnsignedCommand = Omit<Command, 'm'>

/** `dn/{id}/sync`: time echo and advice. `req: 1` asks for a fresh stamp. Harmless, therefore unsigned. */
export const Sync = Type.Object({
  v: Type.Literal(protocolVersion),
  st: { ...UnixMs, description: 'server time, unix ms' } as typeof UnixMs,
  req: Type.Optional(Type.Integer({ minimum: 0, maximum: 1 })),
  adv: Type.Optional(Type.Object({ spread_s: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600 })) })),
  grant: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 500,
      description: 'messages that a full outbox may send at once, beyond its rate',
    }),
  ),
})
export type Sync = Type.Static<typeof Sync>

/**
 * The text under a command's HMAC: eight lines, joined by "\n", no newline at the end. Lines cannot contain a newline
 * (schemas forbid it in ids; arguments are canonical JSON), so no two commands share a text.
 */
export function commandToSign(lockId: string, command: UnsignedCommand): string {
  const { id, op, c, b, dl, a } = command
  return ['bss1/cmd', lockId, id, op, c, b, dl, canonicalJson(a)].join('\n')
}

/** JSON with keys in code-unit order and no spaces. Only flat objects occur. */
function canonicalJson(flat: Readonly<Record<string, unknown>>): string {
  const members = Object.keys(flat).sort()
  return `{${members.map((key) => `${JSON.stringify(key)}:${JSON.stringify(flat[key])}`).join(',')}}`
}
