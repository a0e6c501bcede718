import type { LockIdentity } from './lock-state.ts'

/** Parts of each make of the lock, as its hello names them. Only the second has a motor that closes. */
const partsOf: Readonly<Record<string, readonly string[]>> = {
  'ring-1': ['ble', 'imu', 'dynamo'],
  'ring-2': ['lock', 'ble', 'cable', 'imu', 'solar', 'dynamo'],
}

export const capabilitiesOf = ({ hardware }: Pick<LockIdentity, 'hardware'>): readonly string[] =>
  partsOf[hardware] ?? []

export const hasCapability = (identity: Pick<LockIdentity, 'hardware'>, part: string): boolean =>
  capabilitiesOf(identity).includes(part)
