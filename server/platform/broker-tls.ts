import type { Server } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer, type TLSSocket } from 'node:tls'

/** What a TLS listener for locks is opened with; everything in PEM. */
export interface BrokerTls {
  /** 0 takes a free one. */
  readonly port: number
  readonly key: string
  readonly cert: string
  /** Who signs the certificates of locks. */
  readonly authority: string
  /** 48 bytes that outlive the process: see CertificateAuthority. */
  readonly ticketKeys: Buffer
}

/** The certificate with which a connection came: checked against the authority and its dates, nothing else. */
export interface LockCertificate {
  /** Its common name: the lock id that it was issued for. */
  readonly lockId: string
  /** Hex, small letters. */
  readonly serial: string
}

export type TlsEvent = 'tls_failed' | 'certificate_expired' | 'certificate_foreign'

const handshakeTimeoutMs = 10_000
/** A parked lock comes back within it without a full handshake. */
const sessionTimeoutS = 86_400
const context = 'zwerm-locks'

/** Which certificate a socket has proven. Weak: it goes with its socket. */
const proven = new WeakMap<Duplex, LockCertificate>()

/** Null for a connection that came without a certificate, over TLS or not. */
export const certificateOf = (socket: Duplex): LockCertificate | null => proven.get(socket) ?? null

/**
 * TLS 1.3 with session resumption. A client may come without a certificate and prove itself by its password; one whose
 * certificate is not ours, or is over, is refused whatever its password.
 */
export function createTlsListener(
  tls: BrokerTls,
  accept: (socket: TLSSocket) => void,
  count: (event: TlsEvent) => void,
  nowMs: () => number,
): Server {
  const server = createServer({
    ...{ key: tls.key, cert: tls.cert, ca: [tls.authority], minVersion: 'TLSv1.3', noDelay: true },
    ...{ requestCert: true, rejectUnauthorized: false, handshakeTimeout: handshakeTimeoutMs },
    ...{ sessionTimeout: sessionTimeoutS, sessionIdContext: context, ticketKeys: tls.ticketKeys },
  })
  server.on('tlsClientError', (_, socket) => {
    count('tls_failed')
    socket.destroy()
  })
  server.on('secureConnection', (socket) => {
    const refused = judge(socket, nowMs())
    if (refused === null) return accept(socket)
    count(refused)
    socket.on('error', () => socket.destroy())
    socket.destroy()
  })
  return server
}

/** Null: without a certificate, or with a good one, which is then known by its socket. */
function judge(socket: TLSSocket, nowMs: number): TlsEvent | null {
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return null
  if (!socket.authorized) {
    return String(socket.authorizationError) === 'CERT_HAS_EXPIRED' ? 'certificate_expired' : 'certificate_foreign'
  }
  // A resumed session was judged when it began: the certificate may be over since.
  if (Date.parse(certificate.validTo) <= nowMs) return 'certificate_expired'
  const [, lockId] = /^CN=([a-z0-9-]+)$/.exec(certificate.subject) ?? []
  if (lockId === undefined) return 'certificate_foreign'
  proven.set(socket, { lockId, serial: certificate.serialNumber.toLowerCase() })
  return null
}
