import { useEffect, useState } from 'react'

interface Squares {
  readonly size: number
  readonly path: string
}

/** A QR code as one SVG path, drawn here; the encoder loads only when it is needed. */
export function QrPicture({ content, label }: { readonly content: string; readonly label: string }) {
  const [squares, setSquares] = useState<Squares | null>(null)
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
  if (squares === null) return <div className="qr" />
  return (
    <svg className="qr" viewBox={`-4 -4 ${squares.size + 8} ${squares.size + 8}`} role="img" aria-label={label}>
      <rect x="-4" y="-4" width="100%" height="100%" fill="#fff" />
      <path d={squares.path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  )
}
