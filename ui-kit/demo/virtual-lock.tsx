import type { VirtualBike } from '../../contracts/http/demo.ts'
import { formatBikeNumber } from '../formats.ts'
import { useText } from '../i18n/text.ts'

/** The ring lock as one would see it: shackle through the spokes or not, lever up or down. */
export function VirtualLock({ bike }: { readonly bike: VirtualBike }) {
  const { t } = useText()
  const closed = bike.lever === 'down'
  const busy = bike.bolt === 'unlocking' || bike.bolt === 'locking'
  return (
    <div className="row virtual-lock">
      <svg viewBox="0 0 96 84" width="96" height="84" aria-hidden="true" data-bolt={bike.bolt} data-closed={closed}>
        <g className="spokes">
          <path d="M48 2v80M8 22l80 40M8 62l80-40" />
        </g>
        <path className="ring" d="M26 66a30 30 0 1 1 44 0" />
        <path className="shackle" d={closed ? 'M26 66q22 16 44 0' : 'M26 66q4 3 7 4'} />
        <rect className="lever" x="70" y={bike.lever === 'down' ? 58 : 28} width="14" height="10" rx="4" />
        {bike.jammed && <path className="jam" d="M40 34l16 16M56 34l-16 16" />}
      </svg>
      <div>
        <p>
          <strong className="number">{formatBikeNumber(bike.number)}</strong>
        </p>
        <p role="status">
          {busy && <span className="spinner inline" aria-hidden="true" />} {t(`virtual.bolt.${bike.bolt}`)}
        </p>
        <p className="small soft">
          {bike.antenna ? t('virtual.signal') : t('virtual.no_signal')} · {bike.batteryPercent} %
        </p>
      </div>
    </div>
  )
}
