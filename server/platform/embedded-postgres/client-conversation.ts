import type { SessionQueue } from './session-queue.ts'
import { errorResponse, fromClient, lengthBytes, letterBytes, startupCode, welcome } from './wire-messages.ts'

/** A single batch larger than this is refused: parameters of one statement never come near it. */
const maxBatchBytes = 256 * 1024 * 1024

const settings = {
  server_encoding: 'UTF8',
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  integer_datetimes: 'on',
  standard_conforming_strings: 'on',
} as const

const heldUntilSync: ReadonlySet<number> = new Set([
  fromClient.parse,
  fromClient.bind,
  fromClient.describe,
  fromClient.execute,
  fromClient.close,
])

const copyFromClient = /^\s*copy\b[^;]*\bfrom\s+stdin\b/i

export interface ClientConversation {
  /** Bytes from the client, in any cut. */
  receive(bytes: Buffer): void
  /** The client is gone. Resolves when its transaction has been rolled back. */
  end(): Promise<void>
}

/**
 * One client's side of PostgreSQL's wire protocol 3.0: log-in (every name and password is accepted, the socket's folder
 * is the door), then whole batches to the queue and their answers back, in order.
 *
 * @param send bytes for the client
 * @param hangUp the conversation is over; the carrier should close after what was sent
 */
export function converse(queue: SessionQueue, send: (bytes: Buffer) => void, hangUp: () => void): ClientConversation {
  let unread: Buffer = Buffer.alloc(0)
  let held: Buffer[] = []
  let heldBytes = 0
  let loggedIn = false
  let over = false
  const self: ClientConversation = { receive, end }
  return self

  function receive(bytes: Buffer): void {
    if (over) return
    unread = unread.length === 0 ? bytes : Buffer.concat([unread, bytes])
    for (let message = cutMessage(); message !== undefined && !over; message = cutMessage()) {
      if (loggedIn) accept(message)
      else greet(message)
    }
  }

  async function end(): Promise<void> {
    over = true
    held = []
    await queue.forget(self)
  }

  function cutMessage(): Buffer | undefined {
    const headBytes = loggedIn ? letterBytes : 0
    if (unread.length < headBytes + lengthBytes) return undefined
    const length = headBytes + unread.readInt32BE(headBytes)
    if (length < headBytes + lengthBytes || length + heldBytes > maxBatchBytes)
      return refuse('08P01', 'a message of an impossible length')
    if (unread.length < length) return undefined
    const message = unread.subarray(0, length)
    unread = unread.subarray(length)
    return message
  }

  function greet(message: Buffer): void {
    const code = message.length >= 2 * lengthBytes ? message.readInt32BE(lengthBytes) : 0
    if (code === startupCode.ssl || code === startupCode.gssEncryption) send(Buffer.from('N'))
    else if (code === startupCode.protocol3) {
      loggedIn = true
      send(welcome(settings))
      // There is one session and no second process that could interrupt it: a cancel request has nobody to go to.
    } else if (code === startupCode.cancel) leave()
    else refuse('08P01', 'only protocol 3.0 is spoken here')
  }

  function accept(message: Buffer): void {
    const letter = message[0] as number
    if (letter === fromClient.terminate) {
      leave()
      return
    }
    // Clients of this project always end a batch with Sync, which answers what Flush asks for a moment earlier.
    if (letter === fromClient.flush || letter === fromClient.password) return
    if (copiesFromClient(message))
      return void refuse('0A000', 'COPY … FROM STDIN ends the embedded database: insert from unnest() arrays')
    held.push(message)
    heldBytes += message.length
    if (heldUntilSync.has(letter)) return
    const batch = new Uint8Array(Buffer.concat(held))
    held = []
    heldBytes = 0
    queue.run(self, batch).then(
      (answer) => over || send(answer),
      (error: Error) => void refuse('57P01', error.message),
    )
  }

  function refuse(sqlState: string, sentence: string): undefined {
    if (over) return
    send(errorResponse('FATAL', sqlState, sentence))
    leave()
  }

  function leave(): void {
    over = true
    hangUp()
  }
}

/** `Query` holds the text right behind its head, `Parse` behind the statement's (empty) name. */
function copiesFromClient(message: Buffer): boolean {
  const head = letterBytes + lengthBytes
  if (message[0] !== fromClient.query && message[0] !== fromClient.parse) return false
  return copyFromClient.test(message.toString('latin1', message[0] === fromClient.query ? head : head + 1, head + 400))
}
