import { useEffect, useState } from 'react'

/** The dark squares of a QR code as one SVG path, a unit each; the quiet zone is the picture's. */
export interface QrSquares {
  readonly size: number
  readonly path: string
}

/** Drawn here; the encoder loads only when it is needed. Null until then. */
export function useQrSquares(content: string): QrSquares | null {
  const [squares, setSquares] = useState<QrSquares | null>(null)
  useEffect(() => {
    let dropped = false
    void import('qrcode').then(({ default: encoder }) => {
      const { modules } = encoder.create(content, { errorCorrectionLevel: 'M' })
      let path = ''
      for (let row = 0; row < modules.size; row++) {
        for (let column = 0; column < modules.size; column++) {
          if (modules.get(row, column)) path += `M${column} ${row}h1v1h-1z`
        }
      }
      if (!dropped) setSquares({ size: modules.size, path })
    })
    return () => {
      dropped = true
    }
  }, [content])
  return squares
}
