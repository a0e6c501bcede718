import mqtt, { type Packet } from 'mqtt-packet'

/** Cuts what arrives on a socket into whole MQTT packets; between two of them it holds nothing. */
export interface PacketCutter {
  /** `bytes` are read before this returns and may be used again. Throws when they are no MQTT. */
  cut(bytes: Buffer, onPacket: (packet: Packet) => void): void
}

/** The largest that a lock takes; the platform sends less than a tenth of it. */
const maxPacketBytes = 65_536
/** A length is written with 7 bits a byte, four bytes at most. */
const maxLengthBytes = 4

/** One for a whole process: it is only ever given whole packets, so it keeps nothing of any socket. */
const parser = mqtt.parser({ protocolVersion: 4 })
let found: Packet | null = null
let failure: Error | null = null
parser.on('packet', (packet) => {
  found = packet
})
parser.on('error', (error: Error) => {
  failure = error
})

export function createPacketCutter(): PacketCutter {
  let rest: Buffer | null = null
  return {
    cut: (bytes, onPacket) => {
      const all = rest === null ? bytes : Buffer.concat([rest, bytes])
      rest = null
      let from = 0
      for (let to = packetEnd(all, from); to !== null && to <= all.length; to = packetEnd(all, from)) {
        onPacket(parsed(all.subarray(from, to)))
        from = to
      }
      if (from < all.length) rest = Buffer.from(all.subarray(from))
    },
  }
}

/** Where the packet that begins at `from` ends; null: its length has not arrived yet. */
function packetEnd(bytes: Buffer, from: number): number | null {
  let length = 0
  for (let digit = 0; digit < maxLengthBytes; digit++) {
    const byte = bytes[from + 1 + digit]
    if (byte === undefined) return null
    length += (byte & 0x7f) * 128 ** digit
    if (length > maxPacketBytes) throw new Error(`a packet of ${length} bytes is too large for a lock`)
    if (byte < 0x80) return from + 2 + digit + length
  }
  throw new Error('a packet whose length does not end')
}

function parsed(packet: Buffer): Packet {
  found = null
  failure = null
  parser.parse(packet)
  if (failure !== null) throw failure
  if (found === null) throw new Error('not an MQTT packet')
  return found
}
