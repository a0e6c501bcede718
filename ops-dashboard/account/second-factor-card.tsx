import { useState } from 'react'
import type { Me, RecoveryCodes } from '../../contracts/http/account.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ProofForm } from './proof-form.tsx'
import { RecoveryList } from './recovery-list.tsx'
import { SetUpSecondFactor } from './set-up-second-factor.tsx'

type Doing = 'nothing' | 'setting_up' | 'turning_off' | 'new_codes'

/** The second factor: off, being set up, on, and its recovery codes, which are shown once. */
export function SecondFactorCard({ me, onChanged }: { readonly me: Me; readonly onChanged: () => void }) {
  const { t } = useText()
  const [doing, setDoing] = useState<Doing>('nothing')
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const [told, setTold] = useState<'staff.factor_is_off' | null>(null)
  const rest = () => setDoing('nothing')
  const begin = (what: Doing) => {
    setTold(null)
    setCodes(null)
    setDoing(what)
  }
  const shown = ({ codes: fresh }: RecoveryCodes) => {
    setCodes(fresh)
    rest()
    onChanged()
  }
  return (
    <section className="card stack" aria-labelledby="factor-title">
      <div className="row spread wrap">
        <h2 id="factor-title">{t('staff.second_factor')}</h2>
        <span className="badge">{me.hasSecondFactor ? t('staff.is_on') : t('staff.is_off')}</span>
      </div>
      {codes !== null && <RecoveryList codes={codes} onClose={() => setCodes(null)} />}
      {doing === 'nothing' && codes === null && !me.hasSecondFactor && (
        <>
          <p>{t('staff.factor_how')}</p>
          <div className="row start">
            <button type="button" className="button main" onClick={() => begin('setting_up')}>
              {t('staff.set_up_factor')}
            </button>
          </div>
        </>
      )}
      {doing === 'nothing' && codes === null && me.hasSecondFactor && (
        <>
          <p className={me.recoveryCodesLeft <= 2 ? 'notice warn' : ''}>
            {t('staff.codes_left', { count: me.recoveryCodesLeft })}
          </p>
          <div className="row wrap">
            <button type="button" className="button" onClick={() => begin('new_codes')}>
              {t('staff.new_codes')}
            </button>
            <button type="button" className="button" onClick={() => begin('turning_off')}>
              {t('staff.turn_off_factor')}
            </button>
          </div>
        </>
      )}
      {doing === 'setting_up' && <SetUpSecondFactor me={me} onDone={shown} onClose={rest} />}
      {doing === 'turning_off' && (
        <ProofForm
          key="off"
          me={me}
          path="/v1/staff/me/second-factor/off"
          what={t('staff.turn_off_how')}
          confirm={t('staff.turn_off_factor')}
          onDone={() => {
            setTold('staff.factor_is_off')
            rest()
            onChanged()
          }}
          onClose={rest}
        />
      )}
      {doing === 'new_codes' && (
        <ProofForm<RecoveryCodes>
          key="codes"
          me={me}
          path="/v1/staff/me/recovery-codes"
          what={t('staff.new_codes_how')}
          confirm={t('staff.new_codes')}
          onDone={shown}
          onClose={rest}
        />
      )}
      <p role="status" className="small">
        {told !== null && t(told)}
      </p>
    </section>
  )
}
