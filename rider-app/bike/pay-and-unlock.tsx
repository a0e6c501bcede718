import type { Me } from '../../contracts/http/riders.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { QrPicture } from '../qr-picture.tsx'
import { usePayAndUnlock } from './use-pay-and-unlock.ts'

/** One gesture: promise the money, then ask the lock. Whatever happens between is told. */
export function PayAndUnlock(props: {
  readonly bikeCode: string
  readonly urlCode: string
  readonly hold: string
  readonly me: Me
}) {
  const { t } = useText()
  const { step, start } = usePayAndUnlock(props)
  const standing = props.me.standing
  if (standing !== 'good') {
    return <RefusalNotice refused={{ code: standing === 'in_debt' ? 'rider_in_debt' : 'rider_blocked' }} />
  }
  switch (step.kind) {
    case 'idle':
      return (
        <div className="stack action">
          <button type="button" className="button main wide" onClick={start}>
            {props.me.openPromiseId === null ? t('pay.button', { hold: props.hold }) : t('pay.button_promised')}
          </button>
          <p className="small soft centre">{t('pay.not_taken')}</p>
        </div>
      )
    case 'promising':
      return <Waiting text={t('pay.promising')} />
    case 'leaving':
      return <Waiting text={t('pay.leaving')} />
    case 'scan_to_pay':
      return (
        <div className="card stack centre">
          <p>{t('pay.scan_to_pay')}</p>
          <QrPicture content={step.content} label={t('pay.scan_to_pay')} />
          <Waiting text={t('pay.waiting')} />
        </div>
      )
    case 'waiting':
      return <Waiting text={t('pay.waiting')} />
    case 'unlocking':
      return <Waiting text={t('pay.unlocking')} />
    case 'refused':
      return <RefusalNotice refused={step.refused} onAgain={start} />
  }
}
