import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'

/**
 * A socket that can fall silent without either side being told, as when a bike rolls into a cellar: what is written
 * vanishes, what arrives is dropped, and closing it does not reach the broker. It cannot be cured: bytes are missing.
 */
export class DeafSocket extends Duplex {
  readonly #socket: Socket
  #isDeaf = false

  /** A TCP socket, or one of TLS: deaf or not, the handshake is below. */
  constructor(socket: Socket | TLSSocket) {
    super()
    this.#socket = socket
    socket.on('connect', () => this.emit('connect'))
    socket.on('data', (chunk: Uint8Array) => {
      if (!this.#isDeaf && !this.push(chunk)) socket.pause()
    })
    socket.on('end', () => {
      if (!this.#isDeaf) this.push(null)
    })
    socket.on('error', (error) => {
      if (!this.#isDeaf) this.destroy(error)
    })
    socket.on('close', () => {
      if (!this.#isDeaf) this.destroy()
    })
  }

  deafen(): void {
    this.#isDeaf = true
    this.#socket.resume()
  }

  /** Closes the socket beneath, deaf or not. */
  bury(): void {
    this.#socket.destroy()
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#isDeaf) done()
    else this.#socket.write(chunk, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#isDeaf) this.#socket.end()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#isDeaf) this.#socket.destroy()
    done(error)
  }
}
