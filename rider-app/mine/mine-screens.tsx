import { RidesScreen } from './rides-screen.tsx'

/** What is the rider's own: rides, payments, appeals, account, data. */
export function MineScreens() {
  return <RidesScreen />
}
