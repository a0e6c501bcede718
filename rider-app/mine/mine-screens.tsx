import './mine.css'
import { Link, Route, Switch, useLocation } from 'wouter'
import { useText } from '../../ui-kit/i18n/text.ts'
import { AppealsList } from '../appeals/appeals-list.tsx'
import { LogInFirst } from '../log-in/log-in-first.tsx'
import { useRider } from '../rider-state.ts'
import { AccountScreen } from './account-screen.tsx'
import { DataScreen } from './data-screen.tsx'
import { DeletedScreen } from './deleted-screen.tsx'
import { RidesScreen } from './rides-screen.tsx'

const tabs = [
  ['/mine', 'mine.rides'],
  ['/mine/appeals', 'mine.appeals'],
  ['/mine/account', 'mine.account'],
  ['/mine/data', 'mine.data'],
] as const

/** What is the rider's own: rides, appeals, account, data. The end of an account has nobody logged in. */
export function MineScreens() {
  const [address] = useLocation()
  if (address === '/mine/deleted') return <DeletedScreen />
  return (
    <div className="page mine">
      <Tabs address={address} />
      <Own />
    </div>
  )
}

function Own() {
  const { t } = useText()
  const { me } = useRider()
  if (me === null) {
    return (
      <>
        <h1 className="visually-hidden">{t('mine.to_see')}</h1>
        <LogInFirst reason={t('mine.to_see')} />
      </>
    )
  }
  return (
    <Switch>
      <Route path="/mine/appeals">
        <h1>{t('mine.appeals')}</h1>
        <AppealsList />
      </Route>
      <Route path="/mine/account">
        <AccountScreen me={me} />
      </Route>
      <Route path="/mine/data">
        <DataScreen me={me} />
      </Route>
      <Route>
        <RidesScreen key={me.riderId} riderId={me.riderId} />
      </Route>
    </Switch>
  )
}

function Tabs({ address }: { readonly address: string }) {
  const { t } = useText()
  return (
    <nav className="mine-tabs" aria-label={t('mine.menu')}>
      {tabs.map(([path, name]) => (
        <Link key={path} href={path} aria-current={address === path ? 'page' : undefined}>
          {t(name)}
        </Link>
      ))}
    </nav>
  )
}
