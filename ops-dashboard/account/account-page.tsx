import './account.css'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Me } from '../../contracts/http/account.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { opsApi } from '../ops-api.ts'
import { refusedOf, useAsked } from '../use-asked.ts'
import { PasswordCard } from './password-card.tsx'
import { SecondFactorCard } from './second-factor-card.tsx'
import { SessionsCard } from './sessions-card.tsx'

const path = '/v1/staff/me'

/** One's own: what logs in, where one is logged in, and what one may do. */
export function AccountPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const queries = useQueryClient()
  const asked = useAsked<Me>(path, onRefused)
  const onChanged = useCallback(() => void queries.invalidateQueries({ queryKey: [path] }), [queries])
  const me = asked.data
  return (
    <PageFrame title={t('staff.account')}>
      <h1>{t('staff.account')}</h1>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {me !== undefined && (
        <>
          <WhoAmI me={me} onRefused={onRefused} />
          {me.needsSecondFactor && <p className="notice warn">{t('staff.needs_second_factor')}</p>}
          {!me.hasPassword && <p className="notice">{t('staff.no_password_yet')}</p>}
          <div className="own-account">
            <PasswordCard me={me} onChanged={onChanged} />
            <SecondFactorCard me={me} onChanged={onChanged} />
            <SessionsCard onRefused={onRefused} />
            <MayDo me={me} />
          </div>
        </>
      )}
    </PageFrame>
  )
}

function WhoAmI({ me, onRefused }: { readonly me: Me; readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const queries = useQueryClient()
  const logOut = async () => {
    await opsApi.send('/v1/staff/sessions/current', { method: 'DELETE' })
    queries.clear()
    onRefused({ kind: 'refused', code: 'log_in_first' })
  }
  return (
    <section className="card row spread wrap" aria-label={t('staff.who')}>
      <p>
        <strong>{me.name}</strong> <span className="badge">{t(`staff.role.${me.role}`)}</span>
        <br />
        <span className="small soft">
          {me.logInName === null ? t('staff.no_log_in_name') : t('staff.log_in_name_is', { name: me.logInName })}
        </span>
      </p>
      <button type="button" className="button" onClick={() => void logOut()}>
        {t('ops.log_out')}
      </button>
    </section>
  )
}

function MayDo({ me }: { readonly me: Me }) {
  const { t } = useText()
  return (
    <section className="card stack" aria-labelledby="may-title">
      <h2 id="may-title">{t('staff.may_title')}</h2>
      <ul className="may-do">
        {me.permissions.map((permission) => (
          <li key={permission}>
            <span aria-hidden="true">✓</span> {t(`staff.may.${permission}`)}
          </li>
        ))}
      </ul>
      <p className="small soft">{t('staff.may_how')}</p>
    </section>
  )
}
