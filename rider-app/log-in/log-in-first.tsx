import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { useRider, whoIsThere } from '../rider-state.ts'
import { LogInForm } from './log-in-form.tsx'

/** In place of what only a rider may see. Who cannot be told yet is not asked to log in: they may well be. */
export function LogInFirst({ reason }: { readonly reason: string }) {
  const { t } = useText()
  const rider = useRider()
  switch (whoIsThere(rider)) {
    case 'a_rider':
      return null
    case 'not_told_yet':
      return <Waiting text={t('app.loading')} />
    case 'cannot_tell':
      return <RefusalNotice refused={{ code: rider.meTrouble ?? 'unreachable' }} onAgain={rider.reloadMe} />
    case 'nobody':
      return <LogInForm reason={reason} onDone={rider.reloadMe} />
  }
}
