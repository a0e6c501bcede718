import type { BikePage } from '../../contracts/http/bike-page.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { type QrSquares, useQrSquares } from '../../ui-kit/use-qr-squares.ts'
import { saveFile } from '../frame/save-file.ts'

/** The code of the sticker, to be printed again: a picture that scales, saved with the number that stands beside it. */
export function StickerCard({ bike }: { readonly bike: BikePage }) {
  const { t } = useText()
  const { stickerUrl, number, code } = bike
  const squares = useQrSquares(stickerUrl)
  const shown = formatBikeNumber(number)
  return (
    <section className="card stack" aria-labelledby="bike-sticker">
      <h2 id="bike-sticker">{t('bikes.sticker')}</h2>
      <div className="row wrap sticker">
        {squares !== null && (
          <svg viewBox={`-4 -4 ${squares.size + 8} ${squares.size + 8}`} role="img" aria-label={t('bikes.sticker_qr')}>
            <rect x="-4" y="-4" width="100%" height="100%" fill="#fff" />
            <path d={squares.path} fill="#000" shapeRendering="crispEdges" />
          </svg>
        )}
        <div className="stack grow">
          <p className="small">{t('bikes.sticker_what')}</p>
          <p className="small soft number">{code}</p>
          {squares !== null && (
            <button
              type="button"
              className="button"
              onClick={() => saveFile(`bike-${number}.svg`, 'image/svg+xml', stickerSvg(squares, shown))}
            >
              {t('bikes.sticker_save')}
            </button>
          )}
        </div>
      </div>
    </section>
  )
}

/** 60 mm wide, quiet zone of four squares, the number below in digits that a person reads from the saddle. */
function stickerSvg({ size, path }: QrSquares, number: string): string {
  const [side, foot] = [size + 8, 7]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="${((60 * (side + foot)) / side).toFixed(1)}mm"`,
    ` viewBox="-4 -4 ${side} ${side + foot}"><rect x="-4" y="-4" width="${side}" height="${side + foot}" fill="#fff"/>`,
    `<path d="${path}" shape-rendering="crispEdges"/><text x="${size / 2}" y="${size + 9}" text-anchor="middle"`,
    ` font-family="sans-serif" font-weight="700" font-size="7">${number}</text></svg>\n`,
  ].join('')
}
