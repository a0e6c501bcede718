import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import type { TripActs } from './use-trip-act.ts'

/** What became of the last press: kept until there is a network, not sent any more, or refused. */
export function ActNotices({ acts }: { readonly acts: TripActs }) {
  const { t } = useText()
  if (acts.waiting !== null) {
    return (
      <div className="notice warn" role="status">
        <p>
          {t(`act.waiting.${acts.waiting}`)} {t('act.keep_open')}
        </p>
        <button type="button" className="button" onClick={acts.giveUp}>
          {t('act.give_up')}
        </button>
      </div>
    )
  }
  if (acts.dropped !== null) {
    return (
      <p className="notice bad" role="alert">
        {t(`act.dropped.${acts.dropped}`)}
      </p>
    )
  }
  return acts.refused === null ? null : <RefusalNotice refused={acts.refused} />
}
