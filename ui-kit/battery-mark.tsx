import { useText } from './i18n/text.ts'

const low = 20

export function BatteryMark({ percent }: { readonly percent: number }) {
  const { t } = useText()
  return (
    <span className="badge number battery" data-low={percent < low || undefined}>
      <svg width="22" height="12" viewBox="0 0 22 12" aria-hidden="true">
        <rect
          x="0.75"
          y="0.75"
          width="18.5"
          height="10.5"
          rx="2.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
        />
        <rect x="20" y="4" width="2" height="4" rx="1" fill="currentColor" />
        <rect x="2.5" y="2.5" width={Math.max(1, (15 * percent) / 100)} height="7" rx="1" fill="currentColor" />
      </svg>
      <span className="visually-hidden">{t('bike.battery')}</span>
      {percent} %
    </span>
  )
}
