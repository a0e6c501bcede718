import { useText } from '../../ui-kit/i18n/text.ts'

const largestShown = 999

/** How many alarms are open, beside the word "Alarms". */
export function AlarmBadge({ count }: { readonly count: number }) {
  const { t } = useText()
  return (
    <span className="rail-count number">
      <span aria-hidden="true">{count > largestShown ? `${largestShown}+` : count}</span>
      <span className="visually-hidden">{t('ops.alarms_open', { count })}</span>
    </span>
  )
}
