import { useQrSquares } from '../ui-kit/use-qr-squares.ts'

/** A QR code that scales with its place. */
export function QrPicture({ content, label }: { readonly content: string; readonly label: string }) {
  const squares = useQrSquares(content)
  if (squares === null) return <div className="qr" />
  return (
    <svg className="qr" viewBox={`-4 -4 ${squares.size + 8} ${squares.size + 8}`} role="img" aria-label={label}>
      <rect x="-4" y="-4" width="100%" height="100%" fill="#fff" />
      <path d={squares.path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  )
}
