/**
 * The few facts of PostgreSQL's wire protocol that the queue needs: one letter, four bytes of length that count
 * themselves, then the body. https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export const fromClient = {
  parse: 0x50,
  bind: 0x42,
  describe: 0x44,
  execute: 0x45,
  close: 0x43,
  flush: 0x48,
  sync: 0x53,
  query: 0x51,
  terminate: 0x58,
  password: 0x70,
} as const

export const readyForQuery = 0x5a

/** Requests before the log-in, told apart by the number behind the length; they have no letter. */
export const startupCode = {
  protocol3: 196_608,
  cancel: 80_877_102,
  ssl: 80_877_103,
  gssEncryption: 80_877_104,
} as const

export const letterBytes = 1
export const lengthBytes = 4

/** Cuts complete messages off a buffer of backend messages. Bytes of an unfinished last message are left out. */
export function splitMessages(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = []
  for (let start = 0; start + letterBytes + lengthBytes <= bytes.length; ) {
    const end = start + letterBytes + bytes.readInt32BE(start + letterBytes)
    messages.push(bytes.subarray(start, end))
    start = end
  }
  return messages
}

/** ErrorResponse, `FATAL` ones end the connection. */
export function errorResponse(severity: 'ERROR' | 'FATAL', sqlState: string, sentence: string): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${sqlState}`, `M${sentence}`]
  return message('E', Buffer.from(`${fields.join('\0')}\0\0`))
}

/** What a server says after a log-in it accepts. The settings are the ones a client reads. */
export function welcome(settings: Readonly<Record<string, string>>): Buffer {
  const authenticationOk = message('R', Buffer.alloc(4))
  const reports = Object.entries(settings).map(([name, value]) => message('S', Buffer.from(`${name}\0${value}\0`)))
  const cancelKey = message('K', Buffer.alloc(8))
  return Buffer.concat([authenticationOk, ...reports, cancelKey, message('Z', Buffer.from('I'))])
}

function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(letterBytes + lengthBytes)
  head.write(letter, 0, 'latin1')
  head.writeInt32BE(lengthBytes + body.length, letterBytes)
  return Buffer.concat([head, body])
}
